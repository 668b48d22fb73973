import { z } from "zod";
import type { WhatIfChange } from "../../balancing/index.ts";
import { placementRule } from "../../config/index.ts";
import { coresField, memoryField, newGuest } from "./inputs.ts";

const name = z.string().min(1);
const node = name.describe("The node that fails, is emptied, or is added.");

const is = <Kind extends WhatIfChange["kind"]>(kind: Kind) =>
  z.literal(kind).describe("What happens.");

/** Something that might happen to a cluster. */
export const whatIfChange: z.ZodType<WhatIfChange> = z.union([
  z.strictObject({ kind: is("node-fails"), node }),
  z.strictObject({ kind: is("drain"), node }),
  z.strictObject({
    kind: is("node-added"),
    node,
    like: name.describe("The node that it is like; else give its memory and cores."),
  }),
  z.strictObject({
    kind: is("node-added"),
    node,
    memoryBytes: memoryField,
    cores: coresField,
  }),
  z.strictObject({
    kind: is("guest-added"),
    name: name.optional().describe("What it is called in the answer. Default: new-guest."),
    guest: newGuest.describe("What it needs of its node."),
  }),
  z.strictObject({
    kind: is("rule-added"),
    rule: placementRule.describe("A placement rule, in the place of one with the same id."),
  }),
  z.strictObject({
    kind: is("target"),
    balanciness: z
      .number()
      .gt(0)
      .max(100)
      .describe("Another target of levelling, in percentage points."),
  }),
]);
