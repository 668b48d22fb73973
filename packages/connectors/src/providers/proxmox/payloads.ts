import { z } from "zod";
import { flag, optionalFigure, optionalText } from "./fields.ts";

// What is read of the API's answers, under the names that the API uses; nothing here leaves this folder.
// Answers about HA, single guests and tasks are in the files beside this one.

/** Reads `/version`; an answer without a version is no Proxmox VE. */
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

/** Reads `/cluster/resources`; a field that cannot be read counts as absent. */
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

/** Reads `/cluster/status`. */
export const clusterStatusPayload: z.ZodType<readonly ClusterStatusPayload[]> = z.array(
  z.object({ type: z.string(), name: optionalText, quorate: flag, local: flag }),
);

/** Reads `/cluster/config/nodes`: none where the node has no cluster. */
export const configuredNodesPayload: z.ZodType<readonly unknown[]> = z.array(z.unknown());

/** Reads `/cluster/options`: null when none is set; `crs` is a property string or an object. */
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

/** Reads a node's rows of guests and of figures over time. */
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

/** Reads `/access/permissions`: path to privilege to whether it reaches down; the privilege is there in both cases. */
export const permissionsPayload: z.ZodType<
  Readonly<Record<string, Readonly<Record<string, boolean>>>>
> = z.record(z.string(), z.record(z.string(), flag));
