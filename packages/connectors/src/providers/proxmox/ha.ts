import { Kappa4Error } from "../../contract/errors.ts";
import type { HaRule } from "../../contract/snapshot.ts";
import type { CallInfo } from "./api.ts";
import type { ProxmoxContext } from "./context.ts";
import { splitList } from "./fields.ts";
import {
  type HaGroupPayload,
  type HaResourcePayload,
  type HaRulePayload,
  haRulesPayload,
  managerStatusPayload,
} from "./ha-payloads.ts";

/** Maps a rule of Proxmox VE 9; undefined for a type that is not known. */
export function mapHaRule(rule: HaRulePayload): HaRule | undefined {
  const { type, affinity } = rule;
  const common = {
    id: rule.rule,
    resources: splitList(rule.resources),
    ...(rule.disable ? { disabled: true } : {}),
  };
  if (type === "node-affinity") {
    return { ...common, type, nodes: readNodes(rule.nodes), strict: rule.strict };
  }
  if (type !== "resource-affinity") return undefined;
  return affinity === "positive" || affinity === "negative"
    ? { ...common, type, affinity }
    : undefined;
}

/** Maps a group of Proxmox VE 8 and its members to the rule that it amounts to; undefined without members. */
export function mapHaGroup(
  group: HaGroupPayload,
  resources: readonly HaResourcePayload[],
): HaRule | undefined {
  const members = resources.filter((resource) => resource.group === group.group);
  if (members.length === 0) return undefined;
  return {
    id: group.group,
    type: "node-affinity",
    resources: members.map(({ sid }) => sid).sort(),
    nodes: readNodes(group.nodes),
    strict: group.restricted,
  };
}

/** Reads `pve1:2,pve2`: names with priorities, 0 where none is given. */
function readNodes(text: string | undefined): Readonly<Record<string, number>> {
  return Object.fromEntries(
    splitList(text).map((entry) => {
      const [name = "", priority = "0"] = entry.split(":");
      return [name, Number(priority) || 0];
    }),
  );
}

/** Reads whether the cluster's own balancer is on: `crs` is a property string or an object. */
export function readsAutoRebalance(crs: unknown): boolean {
  const text =
    typeof crs === "object" && crs !== null
      ? Object.entries(crs)
          .map(([key, value]) => `${key}=${String(value)}`)
          .join(",")
      : String(crs ?? "");
  return /(^|,)\s*ha-auto-rebalance=(1|true|on|yes)\b/i.test(text);
}

/** What the HA manager says about one resource; undefined when that may not be read. */
async function readServiceState(
  { api }: ProxmoxContext,
  sid: string,
  info: CallInfo,
): Promise<string | undefined> {
  try {
    const answer = await api.get("/cluster/ha/status/manager_status", managerStatusPayload, info);
    return answer.manager_status.service_status[sid]?.state;
  } catch (error) {
    if (Kappa4Error.is(error, "permission")) return undefined;
    throw error;
  }
}

/**
 * Finds why the HA manager let a request to move lie: as the end of a sentence. Looks at the resource's state
 * and at the rules, as far as both may be read.
 */
export async function explainHaRefusal(
  context: ProxmoxContext,
  sid: string,
  target: string,
  placeOf: (sid: string) => string | undefined,
  info: CallInfo,
): Promise<string> {
  const state = await readServiceState(context, sid, info);
  if (state === "error") return "its HA resource is in error state; disable it and fix it first";
  const rules = await readRules(context, info);
  for (const rule of rules) {
    if (rule.disabled === true || !rule.resources.includes(sid)) continue;
    const others = rule.resources.filter((other) => other !== sid);
    const partner = others.find((other) => placeOf(other) === target);
    if (rule.affinity === "negative" && partner !== undefined) {
      return `the HA rule ${rule.id} keeps it apart from ${partner}, which is on ${target}`;
    }
    if (rule.strict === true && rule.nodes !== undefined && !(target in rule.nodes)) {
      return `the HA rule ${rule.id} keeps it to ${Object.keys(rule.nodes).sort().join(", ")}`;
    }
  }
  return "the HA manager did not say why; look at the HA status of the cluster";
}

async function readRules(context: ProxmoxContext, info: CallInfo): Promise<readonly HaRule[]> {
  try {
    const rules = await context.api.get("/cluster/ha/rules", haRulesPayload, info);
    return rules.flatMap((rule) => mapHaRule(rule) ?? []);
  } catch (error) {
    // Without the right to read them, or on Proxmox VE 8, the reason stays open.
    if (Kappa4Error.is(error, "permission") || Kappa4Error.is(error, "unsupported")) return [];
    throw error;
  }
}
