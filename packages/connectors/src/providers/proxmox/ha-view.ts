import { Kappa4Error } from "../../contract/errors.ts";
import type { HaRule } from "../../contract/snapshot.ts";
import type { CallInfo } from "./api.ts";
import type { ProxmoxContext } from "./context.ts";
import { mapHaGroup, mapHaRule } from "./ha.ts";
import {
  type HaResourcePayload,
  haGroupsPayload,
  haRulesPayload,
  type ManagerStatusPayload,
} from "./ha-payloads.ts";
import type { HaView } from "./mapping.ts";

/** Reads the HA rules; what Proxmox VE 8 has in their place, groups, comes as the rules they amount to. */
export async function readHaRules(
  { api }: ProxmoxContext,
  version: string,
  resources: readonly HaResourcePayload[],
  info: CallInfo,
): Promise<readonly HaRule[]> {
  const readGroups = async (): Promise<readonly HaRule[]> => {
    const groups = await api.get("/cluster/ha/groups", haGroupsPayload, info);
    return groups.flatMap((group) => mapHaGroup(group, resources) ?? []);
  };
  if (Number.parseInt(version, 10) < 9) return readGroups();
  try {
    const rules = await api.get("/cluster/ha/rules", haRulesPayload, info);
    const mapped = rules.flatMap((rule) => mapHaRule(rule) ?? []);
    const isBetweenVersions = resources.some(({ group }) => group !== undefined);
    // Groups live on until every node is new.
    return isBetweenVersions ? [...mapped, ...(await readGroups())] : mapped;
  } catch (error) {
    if (!Kappa4Error.is(error, "unsupported")) throw error;
    return readGroups();
  }
}

/** Puts together what the HA manager says about nodes and guests. */
export function viewHa(
  manager: ManagerStatusPayload | undefined,
  resources: readonly HaResourcePayload[],
): HaView {
  const states = Object.entries(manager?.manager_status.node_status ?? {});
  return {
    maintenance: new Set(
      states.flatMap(([node, state]) => (state === "maintenance" ? [node] : [])),
    ),
    resources: new Map(
      // What HA is told to ignore it does not manage.
      resources
        .filter(({ state }) => state !== "ignored")
        .map((resource) => {
          const auto = resource["auto-rebalance"];
          const autoRebalance =
            auto === undefined ? undefined : !/^(0|false|no|off)$/.test(String(auto));
          return [resource.sid, { state: resource.state ?? "started", autoRebalance }];
        }),
    ),
  };
}
