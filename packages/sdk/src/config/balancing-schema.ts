import type { PlacementRule } from "@kappa4/connectors";
import { z } from "zod";
import type { RebalanceOptions } from "../balancing/index.ts";
import { byteSize } from "./byte-size.ts";

const points = z.number().gt(0).max(100);
const share = z.number().min(0).max(1);
const limit = (most: number) => z.number().gt(0).max(most).nullable().optional();
const count = z.int().min(1);
const name = z.string().min(1);
const rate = byteSize.refine((bytes) => bytes > 0, "must be above 0");
const guestId = z.union([z.int().min(1), name]);

const poolRule = z.strictObject({
  type: z
    .enum(["affinity", "anti-affinity"])
    .optional()
    .describe("Keep the pool's guests together, or apart."),
  pin: z.array(name).min(1).optional().describe("Nodes that the pool's guests belong on."),
  strict: z.boolean().optional().describe("Whether the pin must hold. Default true."),
});

const ruleKind = <Kind extends PlacementRule["kind"]>(kind: Kind) =>
  z
    .literal(kind)
    .describe(
      "What holds of the guests: they stay on one node, on different ones, on certain ones, or where they are.",
    );

const ruleBase = {
  id: name.describe("Name of the rule in plans."),
  guests: z
    .array(guestId)
    .min(1)
    .describe(
      "Guests by id or name: the vmid on Proxmox VE, the name on LXD; a name that no other guest has.",
    ),
  hard: z.boolean().default(true).describe("Whether the rule must hold. Default true."),
  source: z.literal("config").default("config").describe("Where it is from. Default config."),
};

/** A placement rule as it is written. */
export const placementRule: z.ZodType<PlacementRule> = z.discriminatedUnion("kind", [
  z.strictObject({ kind: ruleKind("together"), ...ruleBase }),
  z.strictObject({ kind: ruleKind("apart"), ...ruleBase }),
  z.strictObject({
    kind: ruleKind("pin"),
    ...ruleBase,
    nodes: z.array(name).min(1).describe("Nodes that the guests belong on."),
    priorities: z
      .record(name, z.int())
      .optional()
      .describe("Priorities by node name: the highest first. Default: all alike."),
  }),
  z.strictObject({ kind: ruleKind("ignore"), ...ruleBase }),
]);

const perResource = <Value extends z.ZodType>(value: Value) =>
  z.strictObject({
    memory: value.optional().describe("Of memory."),
    cpu: value.optional().describe("Of CPU."),
    disk: value.optional().describe("Of disk."),
  });

/** What a configuration can say; the rest comes with each plan. */
type ConfiguredOption = Exclude<keyof RebalanceOptions, "history" | "now">;

/** The `balancing` part of a configuration: what `RebalanceOptions` says, as a schema. */
export const balancingSchema: z.ZodType<RebalanceOptions> = z
  .strictObject({
    method: z
      .enum(["memory", "cpu", "disk"])
      .describe("Which resource is levelled. Default memory."),
    mode: z
      .enum(["used", "assigned", "psi"])
      .describe("What counts as load: measured use, configured size, pressure. Default used."),
    balanciness: points.describe(
      "Allowed difference between fullest and emptiest node, in percentage points. Default 10.",
    ),
    cpuBalanciness: points.describe("A second target for CPU, in percentage points. Default none."),
    targets: perResource(points).describe(
      "Further resources to level by their use, in percentage points each. Default none.",
    ),
    threshold: share.describe(
      "Do not level while every node's load is below this fraction. Default 0.",
    ),
    thresholds: perResource(share).describe(
      "The same for the second and further targets, by resource. Default 0.",
    ),
    types: z
      .array(z.enum(["vm", "container"]))
      .min(1)
      .describe("Which guests may be moved to level. Default both."),
    goal: z
      .enum(["all", "rules"])
      .describe(
        "`all`: rules, drains and levelling; `rules`: repair rules and drain only. Default all.",
      ),
    failover: z
      .enum(["ignore", "report", "keep", "restore"])
      .describe(
        "Whether the guests of any one node would find a place if it failed (N+1): not looked at, told, kept where it holds, or restored. Default ignore.",
      ),
    limits: z
      .strictObject({
        memoryUsed: limit(1).describe("Memory in use. Default 0.95."),
        cpuUsed: limit(1).describe("CPU in use. Default 1."),
        localStorageUsed: limit(1).describe("Local storage in use. Default 0.95."),
        memoryAssigned: limit(10).describe("Memory as guests are configured. Default none."),
        vcpuPerCore: limit(100).describe("Virtual cores for each core. Default none."),
      })
      .describe("Fractions of a node's capacity that a plan may not exceed; null lifts a limit."),
    memoryReserveBytes: z
      .record(name, byteSize)
      .describe(
        "Memory kept free by node name, for example `8 GiB`; `defaults` is for all others.",
      ),
    maintenanceNodes: z
      .array(name)
      .describe("Nodes to empty, besides those that the cluster marks."),
    ignoreNodes: z.array(name).describe("Nodes that are neither source nor target."),
    ignoreGuests: z.array(guestId).describe("Guests that stay where they are, by id or name."),
    pools: z.record(name, poolRule).describe("Placement rules by resource pool."),
    rules: z.array(placementRule).describe("Further placement rules."),
    aim: z
      .number()
      .gt(0)
      .max(1)
      .describe(
        "How far levelling goes once it is triggered, as a fraction of `balanciness`. Default 0.65 for plans that carry a history, else 1.",
      ),
    cooldownMinutes: z
      .number()
      .min(0)
      .describe(
        "Minutes for which a guest is not moved to level again, for plans that carry a history. Default 60.",
      ),
    effort: z
      .number()
      .gt(0)
      .max(100)
      .describe("Search steps as a factor: more gives cheaper plans and takes longer. Default 1."),
    maxMoves: z
      .int()
      .min(0)
      .describe("Level no further than so many moves; repairs count, and stay. Default none."),
    maxMoveBytes: byteSize.describe(
      "The same for memory and local disks that travel, for example `200 GiB`. Default none.",
    ),
    maxMinutes: z
      .number()
      .gt(0)
      .describe("The same for the time that the moves are expected to take. Default none."),
    maxParallel: count.describe("Moves at the same time in the whole cluster. Default 4."),
    maxInflowPerNode: count.describe("Moves at the same time onto one node. Default 1."),
    maxOutflowPerNode: count.describe("Moves at the same time away from one node. Default 2."),
    migrationBytesPerSecond: rate.describe(
      "Memory copied per second, for estimates. Default 1 GB.",
    ),
    localDiskBytesPerSecond: rate.describe(
      "Local disk copied per second, for estimates. Default 250 MB.",
    ),
    migrationOverheadSeconds: z
      .number()
      .min(0)
      .describe("Seconds per move besides copying. Default 8."),
    dirtyFactor: z
      .number()
      .positive()
      .describe(
        "How many times over the memory of a running VM is copied, as it is written to meanwhile. Default 1.",
      ),
    restartSeconds: z
      .number()
      .min(0)
      .describe(
        "Seconds of migration that the restart of a container counts as when moves are chosen. Default 0.",
      ),
  } satisfies Record<ConfiguredOption, z.ZodType>)
  .partial();
