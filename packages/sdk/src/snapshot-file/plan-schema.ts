import { z } from "zod";
import type { BlockedCode, Conflict, MoveReasonCode, RebalancePlan } from "../balancing/index.ts";

const name = z.string().min(1);
const amount = z.number().nonnegative();
const guestId = z.union([z.int().nonnegative(), name]);
const limit = amount.nullable().optional();

/** Codes grow with the engine, and a reader only shows them: any word passes. */
function code<Code extends string>(): z.ZodType<Code> {
  return z.custom<Code>((value) => typeof value === "string", "must be text");
}

const change = z.looseObject({ before: z.number(), after: z.number() });

const move = z.looseObject({
  guest: guestId,
  name: z.string(),
  type: z.enum(["qemu", "lxc"]),
  from: name,
  to: name,
  wave: z.int().nonnegative(),
  memoryBytes: amount,
  diskBytes: amount,
  seconds: amount,
  mode: z.enum(["live", "restart", "offline"]),
  reasons: z.array(
    z.looseObject({
      code: code<MoveReasonCode>(),
      rule: z.string().optional(),
      partner: guestId.optional(),
      from: change,
      to: change,
      message: z.string(),
    }),
  ),
});

const blocked = z.looseObject({
  guest: guestId,
  name: z.string(),
  node: name,
  code: code<BlockedCode>(),
  wanted: code<MoveReasonCode>(),
  message: z.string(),
  rule: z.string().optional(),
});

const conflict = z.looseObject({
  code: code<Conflict["code"]>(),
  rules: z.array(z.string()),
  guests: z.array(guestId),
  message: z.string(),
});

const limits = z.looseObject({
  memoryUsed: limit,
  cpuUsed: limit,
  localStorageUsed: limit,
  memoryAssigned: limit,
  vcpuPerCore: limit,
});

const balance = z.looseObject({
  spread: z.number(),
  cpuSpread: z.number(),
  violations: amount,
  nodes: z.array(
    z.looseObject({
      name,
      active: z.boolean(),
      load: z.number(),
      memory: z.number(),
      cpu: z.number(),
      disk: z.number(),
      guests: amount,
    }),
  ),
});

/** The `rebalance-plan` format, read loosely: unknown fields pass, known fields must be what they say. */
export const planSchema: z.ZodType<RebalancePlan> = z.looseObject({
  format: z.literal("rebalance-plan"),
  version: z.literal(1),
  engine: z.string(),
  status: z.enum(["level", "ok", "partial"]),
  seconds: amount.optional(),
  cluster: name,
  method: z.enum(["memory", "cpu", "disk"]),
  mode: z.enum(["used", "assigned", "psi"]),
  balanciness: amount,
  limits,
  cooldownMinutes: amount.optional(),
  maintenanceNodes: z.array(name).optional(),
  ignoreNodes: z.array(name).optional(),
  protectedGuests: z.array(guestId).optional(),
  emptiedNodes: z.array(name).optional(),
  moves: z.array(move),
  blocked: z.array(blocked),
  conflicts: z.array(conflict),
  before: balance,
  after: balance,
  costSeconds: amount,
  durationSeconds: amount,
});
