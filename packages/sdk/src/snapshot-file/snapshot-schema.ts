import type { ClusterSnapshot } from "@kappa4/connectors";
import { z } from "zod";

const name = z.string().min(1);
const amount = z.number().nonnegative();
// Beyond any machine there is: such a figure is a mistake, and arithmetic with it loses its digits.
const bytes = amount.max(2 ** 60);
const cores = amount.max(1_000_000);
const usage = z.looseObject({ total: bytes, used: bytes });
const guestId = z.union([z.int().nonnegative(), name]);
const limit = amount.nullable().optional();
const positive = z.number().positive().optional();
const whole = z.int().positive().optional();

const pressure = z.looseObject({
  cpuSome: amount,
  cpuFull: amount,
  memorySome: amount,
  memoryFull: amount,
  ioSome: amount,
  ioFull: amount,
});

const node = z.looseObject({
  name,
  status: z.enum(["online", "offline", "unknown"]),
  maintenance: z.boolean().default(false),
  ignored: z.boolean().default(false),
  pveVersion: z.string().optional(),
  cpuGroup: z.string().optional(),
  cpu: z.looseObject({ cores, used: cores }),
  memory: usage,
  disk: usage.default({ total: 0, used: 0 }),
  // A node may use less than its guests claim, so its own share can be below nothing.
  base: z
    .looseObject({ cpu: z.number().max(1_000_000), memory: z.number().max(2 ** 60) })
    .default({ cpu: 0, memory: 0 }),
  storages: z
    .array(z.looseObject({ id: name, shared: z.boolean(), total: bytes, used: bytes }))
    .default([]),
  bridges: z.array(z.string()).optional(),
  psi: pressure.optional(),
});

const guest = z.looseObject({
  id: guestId,
  name: z.string(),
  type: z.enum(["qemu", "lxc"]),
  node: name,
  status: z.enum(["running", "stopped", "paused", "unknown"]),
  cpu: z.looseObject({ cores, used: cores }),
  memory: usage,
  disk: usage.default({ total: 0, used: 0 }),
  volumes: z.array(z.looseObject({ storage: name, bytes })).optional(),
  bridges: z.array(z.string()).optional(),
  tags: z.array(z.string()).default([]),
  pool: z.string().nullable().default(null),
  ha: z
    .looseObject({ state: z.string(), autoRebalance: z.boolean().optional() })
    .nullable()
    .default(null),
  localResources: z.array(z.string()).default([]),
  lock: z.string().nullable().default(null),
  priority: z.number().optional(),
  psi: pressure.optional(),
  template: z.boolean().optional(),
  refusedNodes: z.record(z.string(), z.string()).optional(),
});

const ruleBase = {
  id: name,
  guests: z.array(guestId),
  hard: z.boolean().default(true),
  source: z.enum(["tag", "pool", "ha", "config"]).default("config"),
};

const rule = z.discriminatedUnion("kind", [
  z.looseObject({ kind: z.literal("together"), ...ruleBase }),
  z.looseObject({ kind: z.literal("apart"), ...ruleBase }),
  z.looseObject({
    kind: z.literal("pin"),
    ...ruleBase,
    nodes: z.array(name),
    priorities: z.record(z.string(), z.number()).optional(),
  }),
  z.looseObject({ kind: z.literal("ignore"), ...ruleBase }),
]);

const policy = z.looseObject({
  method: z.enum(["memory", "cpu", "disk"]).optional(),
  mode: z.enum(["used", "assigned", "psi"]).optional(),
  balanciness: positive,
  cpuBalanciness: positive,
  limits: z
    .looseObject({
      memoryUsed: limit,
      cpuUsed: limit,
      localStorageUsed: limit,
      memoryAssigned: limit,
      vcpuPerCore: limit,
    })
    .optional(),
  maxParallel: whole,
  maxInflowPerNode: whole,
  maxOutflowPerNode: whole,
  migrationBytesPerSecond: positive,
  localDiskBytesPerSecond: positive,
  migrationOverheadSeconds: amount.optional(),
});

/** The `cluster-snapshot` format, read loosely: unknown fields pass, known fields must be what they say. */
export const snapshotSchema: z.ZodType<ClusterSnapshot> = z.looseObject({
  format: z.literal("cluster-snapshot"),
  version: z.literal(1),
  meta: z.looseObject({
    name,
    kind: z.string().optional(),
    takenAt: z.string().optional(),
    warnings: z.array(z.string()).optional(),
    autoRebalance: z.boolean().optional(),
  }),
  policy: policy.optional(),
  nodes: z.array(node).min(1),
  guests: z.array(guest),
  pools: z
    .record(
      z.string(),
      z.looseObject({
        type: z.enum(["affinity", "anti-affinity"]).optional(),
        pin: z.array(z.string()).optional(),
        strict: z.boolean().optional(),
      }),
    )
    .default({}),
  haRules: z
    .array(
      z.looseObject({
        id: name,
        type: z.enum(["node-affinity", "resource-affinity"]),
        affinity: z.enum(["positive", "negative"]).optional(),
        resources: z.array(z.string()),
        nodes: z.record(z.string(), z.number()).optional(),
        strict: z.boolean().optional(),
        disabled: z.boolean().optional(),
      }),
    )
    .default([]),
  rules: z.array(rule).default([]),
});
