import { z } from "zod";
import { flag, optionalFigure, optionalText } from "./fields.ts";

/** Reads a guest's configuration: keys to texts and numbers. */
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

/** Reads a guest's `/status/current`. */
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

/** Reads the preconditions of a move; what is missing counts as none. */
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

/** Reads a guest's snapshots, and the present state among them. */
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
