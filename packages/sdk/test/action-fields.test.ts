import { expect, test } from "vitest";
import { z } from "zod";
import { actionFields } from "../src/action-fields.ts";

const pet = z.union([
  z.strictObject({
    kind: z.literal("cat").describe("What it is."),
    name: z.string().describe("Its name."),
    lives: z.int().default(9).describe("Its lives."),
  }),
  z.strictObject({
    kind: z.literal("dog"),
    name: z.string().describe("Its name."),
    size: z.number(),
  }),
  z.strictObject({
    kind: z.literal("dog"),
    name: z.string().describe("Its name."),
    like: z.string(),
  }),
]);

function insideOf(field: z.ZodType) {
  const [only, ...others] = actionFields(z.strictObject({ field }), (value) => `<${value}>`);
  if (only === undefined || others.length > 0) throw new Error("one field was given");
  return { takes: only.takes, inside: only.inside.map(({ name, takes, of }) => [name, takes, of]) };
}

test("what is in a list of objects of several kinds is told once, with the kinds that have it", () => {
  expect(insideOf(z.array(pet))).toEqual({
    takes: "a list of objects",
    inside: [
      ["field[].kind", "<cat>, <dog>", []],
      ["field[].name", "text", []],
      ["field[].lives", "a whole number", ["cat"]],
      ["field[].size", "a number", ["dog"]],
      ["field[].like", "text", ["dog"]],
    ],
  });
});

test("what one kind can do without, or all of a kind, need not be given", () => {
  const [field] = actionFields(z.strictObject({ field: z.array(pet) }));
  const required = field?.inside.filter(({ isRequired }) => isRequired).map(({ name }) => name);
  expect(required).toEqual(["field[].kind", "field[].name"]);
  expect(field?.inside.find(({ name }) => name === "field[].lives")).toMatchObject({
    ...{ default: "9", description: "Its lives." },
  });
});

test("objects in objects, by any name, and beside other things are gone into as deep as they go", () => {
  const deep = z.strictObject({
    limits: z.strictObject({ cpu: z.number().nullable() }).optional(),
    pools: z.record(z.string(), z.strictObject({ pin: z.array(z.string()) })),
  });
  expect(insideOf(z.union([deep, z.literal("usual")]).optional())).toEqual({
    takes: "an object or <usual>",
    inside: [
      ["field.limits", "an object", []],
      ["field.limits.cpu", "a number or null", []],
      ["field.pools", "an object of names, each with an object", []],
      ["field.pools.<name>.pin", "a list of text", []],
    ],
  });
});

test("what is no object has nothing inside", () => {
  for (const plain of [z.string(), z.unknown(), z.array(z.int()), z.record(z.string(), z.int())]) {
    expect(insideOf(plain).inside).toEqual([]);
  }
});
