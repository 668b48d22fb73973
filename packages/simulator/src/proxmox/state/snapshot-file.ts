import { z } from "zod";
import { describeProblems } from "../problems.ts";
import type { Pressure } from "./types.ts";

/** A total and the part of it in use. */
export interface Usage {
  readonly total: number;
  readonly used: number;
}

/** Pressure stall information in percent; what is left out is 0. */
export type PressureInput = { readonly [Key in keyof Pressure]?: number | undefined };

/** A node in a {@link SnapshotFile}. Bytes, cores, fractions. */
export interface SnapshotNode {
  readonly name: string;
  readonly status?: "online" | "offline" | "unknown" | undefined;
  readonly maintenance?: boolean | undefined;
  readonly pveVersion?: string | undefined;
  readonly cpuGroup?: string | undefined;
  readonly cpu: { readonly cores: number; readonly used?: number | undefined };
  readonly memory: { readonly total: number; readonly used?: number | undefined };
  readonly disk?: Usage | undefined;
  readonly base?: { readonly cpu: number; readonly memory: number } | undefined;
  readonly storages?:
    | readonly (Usage & {
        readonly id: string;
        readonly shared: boolean;
        readonly type?: string | undefined;
      })[]
    | undefined;
  readonly bridges?: readonly string[] | undefined;
  readonly psi?: PressureInput | undefined;
}

/** A guest in a {@link SnapshotFile}. */
export interface SnapshotGuest {
  readonly id: number;
  readonly name: string;
  readonly type: "qemu" | "lxc";
  readonly node: string;
  readonly status?: "running" | "stopped" | "paused" | "unknown" | undefined;
  readonly cpu: { readonly cores: number; readonly used: number };
  readonly memory: Usage;
  readonly disk?: Usage | undefined;
  readonly volumes?: readonly { readonly storage: string; readonly bytes: number }[] | undefined;
  readonly bridges?: readonly string[] | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly pool?: string | null | undefined;
  readonly ha?: { readonly state: string } | null | undefined;
  readonly localResources?: readonly string[] | undefined;
  readonly lock?: string | null | undefined;
  readonly psi?: PressureInput | undefined;
  readonly template?: boolean | undefined;
}

/** An HA rule in a {@link SnapshotFile}. */
export interface SnapshotHaRule {
  readonly id: string;
  readonly type: "node-affinity" | "resource-affinity";
  readonly affinity?: "positive" | "negative" | undefined;
  readonly resources: readonly string[];
  readonly nodes?: Readonly<Record<string, number>> | undefined;
  readonly strict?: boolean | undefined;
  readonly disabled?: boolean | undefined;
}

/** A cluster as a `cluster-snapshot` file (version 1) describes it, as far as Proxmox VE has a place for it. */
export interface SnapshotFile {
  readonly format: "cluster-snapshot";
  readonly version: 1;
  readonly meta?: { readonly name?: string | undefined } | undefined;
  readonly policy?:
    | {
        readonly migrationBytesPerSecond?: number | undefined;
        readonly localDiskBytesPerSecond?: number | undefined;
        readonly migrationOverheadSeconds?: number | undefined;
      }
    | undefined;
  readonly nodes: readonly SnapshotNode[];
  readonly guests: readonly SnapshotGuest[];
  readonly pools?: Readonly<Record<string, unknown>> | undefined;
  readonly haRules?: readonly SnapshotHaRule[] | undefined;
}

const name = z.string().min(1);
const amount = z.number().nonnegative();
const usage = z.object({ total: amount, used: amount });
const pressure = z
  .object({
    cpuSome: amount,
    cpuFull: amount,
    memorySome: amount,
    memoryFull: amount,
    ioSome: amount,
    ioFull: amount,
  })
  .partial();

const node: z.ZodType<SnapshotNode> = z.object({
  name,
  status: z.enum(["online", "offline", "unknown"]).optional(),
  maintenance: z.boolean().optional(),
  pveVersion: z.string().optional(),
  cpuGroup: z.string().optional(),
  cpu: z.object({ cores: z.number().positive(), used: amount.optional() }),
  memory: z.object({ total: z.number().positive(), used: amount.optional() }),
  disk: usage.optional(),
  base: z.object({ cpu: z.number(), memory: z.number() }).optional(),
  storages: z
    .array(usage.extend({ id: name, shared: z.boolean(), type: z.string().optional() }))
    .optional(),
  bridges: z.array(name).optional(),
  psi: pressure.optional(),
});

const guest: z.ZodType<SnapshotGuest> = z.object({
  id: z.number().int().min(100),
  name,
  type: z.enum(["qemu", "lxc"]),
  node: name,
  status: z.enum(["running", "stopped", "paused", "unknown"]).optional(),
  cpu: z.object({ cores: z.number().positive(), used: amount }),
  memory: z.object({ total: z.number().positive(), used: amount }),
  disk: usage.optional(),
  volumes: z.array(z.object({ storage: name, bytes: amount })).optional(),
  bridges: z.array(name).optional(),
  tags: z.array(z.string()).optional(),
  pool: z.string().nullish(),
  ha: z.object({ state: z.string() }).nullish(),
  localResources: z.array(z.string()).optional(),
  lock: z.string().nullish(),
  psi: pressure.optional(),
  template: z.boolean().optional(),
});

const haRule: z.ZodType<SnapshotHaRule> = z.object({
  id: name,
  type: z.enum(["node-affinity", "resource-affinity"]),
  affinity: z.enum(["positive", "negative"]).optional(),
  resources: z.array(name),
  nodes: z.record(z.string(), z.number()).optional(),
  strict: z.boolean().optional(),
  disabled: z.boolean().optional(),
});

const snapshotFile: z.ZodType<SnapshotFile> = z.object({
  format: z.literal("cluster-snapshot"),
  version: z.literal(1),
  meta: z.object({ name: z.string().optional() }).optional(),
  policy: z
    .object({
      migrationBytesPerSecond: z.number().positive().optional(),
      localDiskBytesPerSecond: z.number().positive().optional(),
      migrationOverheadSeconds: amount.optional(),
    })
    .optional(),
  nodes: z.array(node).min(1),
  guests: z.array(guest),
  pools: z.record(z.string(), z.unknown()).optional(),
  haRules: z.array(haRule).optional(),
});

/** Checks a parsed snapshot file. Throws RangeError with every problem and its path. */
export function parseSnapshotFile(value: unknown): SnapshotFile {
  const result = snapshotFile.safeParse(value);
  if (!result.success) {
    throw new RangeError(
      `This is no cluster-snapshot of version 1:\n${describeProblems(result.error)}`,
    );
  }
  const known = new Set(result.data.nodes.map((entry) => entry.name));
  if (known.size < result.data.nodes.length) {
    throw new RangeError("The snapshot names a node twice.");
  }
  const ids = new Set<number>();
  for (const entry of result.data.guests) {
    if (!known.has(entry.node)) {
      throw new RangeError(
        `Guest ${entry.id} of the snapshot is on "${entry.node}", which is no node of it.`,
      );
    }
    if (ids.has(entry.id)) throw new RangeError(`The snapshot names guest ${entry.id} twice.`);
    ids.add(entry.id);
  }
  return result.data;
}
