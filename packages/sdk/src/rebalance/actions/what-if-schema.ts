import { z } from "zod";
import type { WhatIfChange } from "../../balancing/index.ts";
import { byteSize, placementRule } from "../../config/index.ts";

const name = z.string().min(1);
const above0 = byteSize.refine((bytes) => bytes > 0, "must be above 0");

/** Something that might happen to a cluster. */
export const whatIfChange: z.ZodType<WhatIfChange> = z.union([
  z.strictObject({ kind: z.literal("node-fails"), node: name }),
  z.strictObject({ kind: z.literal("drain"), node: name }),
  z.strictObject({ kind: z.literal("node-added"), node: name, like: name }),
  z.strictObject({
    kind: z.literal("node-added"),
    node: name,
    memoryBytes: above0,
    cores: z.number().gt(0),
  }),
  z.strictObject({
    kind: z.literal("guest-added"),
    name: name.optional(),
    guest: z.strictObject({
      memoryBytes: above0,
      cores: z.number().gt(0),
      tags: z.array(z.string()).optional(),
      pool: z.string().optional(),
    }),
  }),
  z.strictObject({ kind: z.literal("rule-added"), rule: placementRule }),
  z.strictObject({ kind: z.literal("target"), balanciness: z.number().gt(0).max(100) }),
]);
