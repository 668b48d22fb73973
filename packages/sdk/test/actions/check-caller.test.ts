import { expect, it } from "vitest";
import { checkCaller } from "../../src/actions/check-caller.ts";
import { newId } from "../../src/ids.ts";

const id = newId("usr");

it.each([
  { actor: { kind: "local" }, via: "sdk" },
  { actor: { kind: "system" }, via: "slack" },
  { actor: { kind: "person", id }, via: "slack", chat: { workspace: "T1", account: "U1" } },
  { actor: { kind: "schedule", id: "nightly", editedBy: id }, via: "schedule", org: newId("org") },
] as const)("takes $actor.kind", (caller) => {
  expect(checkCaller(caller)).toEqual(caller);
});

it.each<[unknown, RegExp]>([
  [undefined, /^caller: must be an object with actor and via/],
  ["usr_x", /^caller: must be an object/],
  [{ actor: id, via: "sdk" }, /^caller.actor: must be an object whose kind is/],
  [{ actor: { kind: "user", id }, via: "sdk" }, /^caller.actor.kind: must be an object whose kind/],
  [{ actor: { kind: "person" }, via: "sdk" }, /^caller.actor.id: must be the id of a person/],
  [{ actor: { kind: "person", id: "ana@example.com" }, via: "sdk" }, /must be the id of a person/],
  [{ actor: { kind: "schedule", id: "x" }, via: "schedule" }, /^caller.actor.editedBy/],
  [{ actor: { kind: "person", id } }, /^caller.via: must be one of sdk/],
  [{ actor: { kind: "person", id }, via: "foo" }, /^caller.via/],
  [{ actor: { kind: "local" }, via: "sdk", org: "default" }, /^caller.org/],
  [{ actor: { kind: "local", id }, via: "sdk" }, /^caller.actor/],
])("takes %j for nobody", (caller, says) => {
  expect(() => checkCaller(caller as never)).toThrow(
    expect.objectContaining({ code: "invalid_argument", message: expect.stringMatching(says) }),
  );
});
