import { z } from "zod";
import { figure, flag, optionalFigure, optionalText } from "./fields.ts";

// What is read of the API's answers, under the names that the API uses; nothing here leaves this folder.

/** Checks the answer of that name. */
export const versionPayload: z.ZodType<{ readonly version: string }> = z.object({
  version: z.string(),
});

/** One row of `/cluster/resources`: a guest, node, storage, pool or network. */
export interface ResourcePayload {
  readonly type: string;
  readonly vmid?: number | undefined;
  readonly node?: string | undefined;
  readonly name?: string | undefined;
  readonly status?: string | undefined;
  readonly template: boolean;
  readonly maxcpu?: number | undefined;
  readonly cpu?: number | undefined;
  readonly maxmem?: number | undefined;
  readonly mem?: number | undefined;
  readonly memhost?: number | undefined;
  readonly maxdisk?: number | undefined;
  readonly disk?: number | undefined;
  readonly pool?: string | undefined;
  readonly tags?: string | undefined;
  readonly lock?: string | undefined;
  readonly hastate?: string | undefined;
  readonly storage?: string | undefined;
  readonly shared: boolean;
  readonly "host-arch"?: string | undefined;
}

/** Checks the answer of that name. */
export const resourcesPayload: z.ZodType<readonly ResourcePayload[]> = z.array(
  z.object({
    type: z.string(),
    vmid: optionalFigure,
    node: optionalText,
    name: optionalText,
    status: optionalText,
    template: flag,
    maxcpu: optionalFigure,
    cpu: optionalFigure,
    maxmem: optionalFigure,
    mem: optionalFigure,
    memhost: optionalFigure,
    maxdisk: optionalFigure,
    disk: optionalFigure,
    pool: optionalText,
    tags: optionalText,
    lock: optionalText,
    hastate: optionalText,
    storage: optionalText,
    shared: flag,
    "host-arch": optionalText,
  }),
);

/** One row of `/cluster/status`. */
export interface ClusterStatusPayload {
  readonly type: string;
  readonly name?: string | undefined;
  readonly quorate: boolean;
  readonly local: boolean;
}

/** Checks the answer of that name. */
export const clusterStatusPayload: z.ZodType<readonly ClusterStatusPayload[]> = z.array(
  z.object({ type: z.string(), name: optionalText, quorate: flag, local: flag }),
);

/** What the HA manager writes down about itself. */
export interface ManagerStatusPayload {
  readonly manager_status: {
    readonly node_status: Readonly<Record<string, unknown>>;
    readonly service_status: Readonly<
      Record<string, { readonly node?: string | undefined; readonly state?: string | undefined }>
    >;
  };
}

/** Checks the answer of that name. */
export const managerStatusPayload: z.ZodType<ManagerStatusPayload> = z.object({
  manager_status: z
    .object({
      node_status: z.record(z.string(), z.unknown()).catch({}),
      service_status: z
        .record(z.string(), z.object({ node: optionalText, state: optionalText }))
        .catch({}),
    })
    .catch({ node_status: {}, service_status: {} }),
});

/** One HA resource. */
export interface HaResourcePayload {
  readonly sid: string;
  readonly state?: string | undefined;
  readonly group?: string | undefined;
  readonly "auto-rebalance"?: unknown;
}

/** Checks the answer of that name. */
export const haResourcesPayload: z.ZodType<readonly HaResourcePayload[]> = z.array(
  z.object({
    sid: z.string(),
    state: optionalText,
    group: optionalText,
    "auto-rebalance": z.unknown().optional(),
  }),
);

/** One HA rule of Proxmox VE 9. */
export interface HaRulePayload {
  readonly rule: string;
  readonly type: string;
  readonly affinity?: string | undefined;
  readonly resources?: string | undefined;
  readonly nodes?: string | undefined;
  readonly strict: boolean;
  readonly disable: boolean;
}

/** Checks the answer of that name. */
export const haRulesPayload: z.ZodType<readonly HaRulePayload[]> = z.array(
  z.object({
    rule: z.string(),
    type: z.string(),
    affinity: optionalText,
    resources: optionalText,
    nodes: optionalText,
    strict: flag,
    disable: flag,
  }),
);

/** One HA group of Proxmox VE 8. */
export interface HaGroupPayload {
  readonly group: string;
  readonly nodes?: string | undefined;
  readonly restricted: boolean;
}

/** Checks the answer of that name. */
export const haGroupsPayload: z.ZodType<readonly HaGroupPayload[]> = z.array(
  z.object({ group: z.string(), nodes: optionalText, restricted: flag }),
);

/** The options of the data centre; `crs` is a property string or an object. */
/** Checks the answer of that name. */
export const clusterOptionsPayload: z.ZodType<{ readonly crs?: unknown }> = z
  .object({ crs: z.unknown().optional() })
  .nullable()
  .transform((options) => options ?? {});

/** A row of a node's list of guests, for its pressure figures. */
export type PressurePayload = Readonly<
  Record<
    | "pressurecpusome"
    | "pressurecpufull"
    | "pressureiosome"
    | "pressureiofull"
    | "pressurememorysome"
    | "pressurememoryfull",
    number | undefined
  >
> & { readonly vmid?: number | undefined };

/** Checks the answer of that name. */
export const pressurePayload: z.ZodType<readonly PressurePayload[]> = z.array(
  z.object({
    vmid: optionalFigure,
    pressurecpusome: optionalFigure,
    pressurecpufull: optionalFigure,
    pressureiosome: optionalFigure,
    pressureiofull: optionalFigure,
    pressurememorysome: optionalFigure,
    pressurememoryfull: optionalFigure,
  }),
);

/** A guest's configuration: keys to texts and numbers. */
/** Checks the answer of that name. */
export const configPayload: z.ZodType<Readonly<Record<string, unknown>>> = z.record(
  z.string(),
  z.unknown(),
);

/** The current state of one guest, straight from its node. */
export interface GuestStatusPayload {
  readonly status: string;
  readonly qmpstatus?: string | undefined;
  readonly lock?: string | undefined;
}

/** Checks the answer of that name. */
export const guestStatusPayload: z.ZodType<GuestStatusPayload> = z.object({
  status: z.string(),
  qmpstatus: optionalText,
  lock: optionalText,
});

const blockers = z
  .object({
    unavailable_storages: z.array(z.string()).catch([]),
    "unavailable-resources": z.array(z.string()).catch([]),
    "blocking-ha-resources": z.array(z.object({ sid: z.string(), cause: optionalText })).catch([]),
  })
  .catch({
    unavailable_storages: [],
    "unavailable-resources": [],
    "blocking-ha-resources": [],
  });

/** Why a node cannot take a guest. */
export interface BlockersPayload {
  readonly unavailable_storages: readonly string[];
  readonly "unavailable-resources": readonly string[];
  readonly "blocking-ha-resources": readonly {
    readonly sid: string;
    readonly cause?: string | undefined;
  }[];
}

/** What the API says about moving a guest; containers have fewer fields, and others names. */
export interface PreconditionsPayload {
  readonly running: boolean;
  readonly not_allowed_nodes: Readonly<Record<string, BlockersPayload>>;
  readonly "not-allowed-nodes": Readonly<Record<string, BlockersPayload>>;
  readonly local_disks: readonly {
    readonly volid: string;
    readonly drivename?: string | undefined;
    readonly size?: number | undefined;
    readonly cdrom: boolean;
  }[];
  readonly local_resources: readonly string[];
  readonly "mapped-resources": readonly string[];
  readonly "mapped-resource-info": Readonly<Record<string, { readonly "live-migration": boolean }>>;
  readonly "dependent-ha-resources": readonly string[];
  readonly "has-dbus-vmstate": boolean;
}

/** Checks the answer of that name. */
export const preconditionsPayload: z.ZodType<PreconditionsPayload> = z.object({
  running: flag,
  not_allowed_nodes: z.record(z.string(), blockers).catch({}),
  "not-allowed-nodes": z.record(z.string(), blockers).catch({}),
  local_disks: z
    .array(
      z.object({
        volid: z.string(),
        drivename: optionalText,
        size: optionalFigure,
        cdrom: flag,
      }),
    )
    .catch([]),
  local_resources: z.array(z.string()).catch([]),
  "mapped-resources": z.array(z.string()).catch([]),
  "mapped-resource-info": z.record(z.string(), z.object({ "live-migration": flag })).catch({}),
  "dependent-ha-resources": z.array(z.string()).catch([]),
  "has-dbus-vmstate": flag,
});

/** Where a task stands. */
export interface TaskStatusPayload {
  readonly status: string;
  readonly exitstatus?: string | undefined;
}

/** Checks the answer of that name. */
export const taskStatusPayload: z.ZodType<TaskStatusPayload> = z.object({
  status: z.string(),
  exitstatus: optionalText,
});

/** Checks the answer of that name. */
export const taskListPayload: z.ZodType<readonly { readonly upid: string }[]> = z.array(
  z.object({ upid: z.string() }),
);

/** Checks the answer of that name. */
export const taskLogPayload: z.ZodType<readonly { readonly n: number; readonly t: string }[]> =
  z.array(z.object({ n: figure, t: z.string().catch("") }));

/** Path to privilege to whether it reaches down; the privilege is there in both cases. */
/** Checks the answer of that name. */
export const permissionsPayload: z.ZodType<
  Readonly<Record<string, Readonly<Record<string, boolean>>>>
> = z.record(z.string(), z.record(z.string(), flag));

/** Checks the answer of that name. */
export const snapshotListPayload: z.ZodType<
  readonly {
    readonly name: string;
    readonly description?: string | undefined;
    readonly parent?: string | undefined;
    readonly snaptime?: number | undefined;
  }[]
> = z.array(
  z.object({
    name: z.string(),
    description: optionalText,
    parent: optionalText,
    snaptime: optionalFigure,
  }),
);
