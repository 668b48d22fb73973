import { z } from "zod";
import { flag, optionalText } from "./fields.ts";

/** What the HA manager writes down about itself. */
export interface ManagerStatusPayload {
  readonly manager_status: {
    readonly node_status: Readonly<Record<string, unknown>>;
    readonly service_status: Readonly<
      Record<string, { readonly node?: string | undefined; readonly state?: string | undefined }>
    >;
  };
}

/** Reads `/cluster/ha/status/manager_status`; parts that cannot be read count as empty. */
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

/** Reads `/cluster/ha/resources`. */
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

/** Reads `/cluster/ha/rules`, of Proxmox VE 9. */
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

/** Reads `/cluster/ha/groups`, of Proxmox VE 8. */
export const haGroupsPayload: z.ZodType<readonly HaGroupPayload[]> = z.array(
  z.object({ group: z.string(), nodes: optionalText, restricted: flag }),
);
