import { z } from "zod";
import type { Fault } from "./faults.ts";
import { describeProblems } from "./problems.ts";

const on = {
  method: z.enum(["GET", "POST", "PUT", "DELETE"]).optional(),
  path: z.string().optional(),
  nth: z.coerce.number().int().min(1).optional(),
};
const often = {
  times: z.coerce.number().int().min(1).optional(),
  chance: z.coerce.number().min(0).max(1).optional(),
};
const work = {
  type: z.string().optional(),
  guest: z.coerce.number().int().optional(),
};
const phase = z.enum(["prepare", "disks", "memory", "switch", "cleanup"]).optional();

const faultText = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.enum(["cut-before", "cut-after-accept", "stall", "garbage", "ticket-expired"]),
    ...on,
    ...often,
  }),
  z.strictObject({
    kind: z.literal("status"),
    status: z.coerce.number().int().min(200).max(599),
    reason: z.string().optional(),
    ...on,
    ...often,
  }),
  z.strictObject({
    kind: z.literal("slow"),
    delayMs: z.coerce.number().min(0),
    ...on,
    ...often,
  }),
  z.strictObject({
    kind: z.literal("task-fails"),
    text: z.string().optional(),
    phase,
    ...work,
    ...often,
  }),
  z.strictObject({
    kind: z.literal("node-lost"),
    node: z.enum(["source", "target"]),
    phase,
    ...work,
    ...often,
  }),
  z.strictObject({ kind: z.enum(["task-warns", "ha-refuses"]), ...work, ...often }),
]);

const KINDS: readonly string[] = faultText.options.flatMap(({ shape }) =>
  "options" in shape.kind ? shape.kind.options : [...shape.kind.values],
);

/**
 * Reads a fault as it is written on a command line: `kind=status,status=503,method=GET,path=/nodes,times=2`.
 * Throws RangeError that says what is wrong.
 */
export function parseFault(text: string): Fault {
  const pairs = text.split(",").map((part) => {
    const equals = part.indexOf("=");
    return equals < 0 ? ["kind", part] : [part.slice(0, equals), part.slice(equals + 1)];
  });
  const { kind } = Object.fromEntries(pairs);
  if (!KINDS.includes(String(kind))) {
    throw new RangeError(
      `The fault "${text}" is not understood: it begins with one of ${KINDS.join(", ")}.`,
    );
  }
  const result = faultText.safeParse(Object.fromEntries(pairs));
  if (!result.success) {
    throw new RangeError(
      `The fault "${text}" is not understood:\n${describeProblems(result.error)}`,
    );
  }
  const fault = result.data;
  switch (fault.kind) {
    case "task-fails":
    case "task-warns":
    case "node-lost":
    case "ha-refuses": {
      const { type, guest, ...rest } = fault;
      return { ...rest, on: { type, guest } };
    }
    default: {
      const { method, path, nth, ...rest } = fault;
      return { ...rest, on: { method, path, nth } };
    }
  }
}
