import type { Guest, SnapshotMeta, SnapshotNode } from "@kappa4/connectors";
import type { BlockedCode } from "../plan.ts";
import type { Settings } from "./settings.ts";

/** Something that keeps a guest where it is. */
export interface Bar {
  readonly code: BlockedCode;
  /** What stands in the way and what would clear it, without the guest's name: follows "vm-1 stays: ". */
  readonly message: string;
  readonly rule?: string | undefined;
}

/** Says why a guest cannot move at all, whatever the reason for moving it; undefined when it can. */
export function standingBar(
  guest: Guest,
  node: SnapshotNode | undefined,
  ignoreRule: string | undefined,
): Bar | undefined {
  if (guest.node === "") return undefined; // not placed yet: the best node is being asked for
  if (node === undefined || node.status !== "online" || guest.status === "unknown") {
    return {
      code: "status-unknown",
      message: `its node ${guest.node} does not report; bring the node back first`,
    };
  }
  if (node.ignored) {
    return { code: "ignored", message: `its node ${node.name} is set to be ignored` };
  }
  if (ignoreRule !== undefined) {
    return { code: "ignored", message: "it is set to be ignored", rule: ignoreRule };
  }
  if (guest.template === true) {
    return { code: "ignored", message: "it is a template" };
  }
  if (guest.lock !== null) {
    return {
      code: "locked",
      message: `it is locked (${guest.lock}); plan again when that is over`,
    };
  }
  if (guest.localResources.length > 0) {
    const devices = guest.localResources.join(", ");
    return { code: "local-device", message: `it uses devices of its node (${devices})` };
  }
  if (guest.status === "paused" && guest.type === "lxc") {
    return { code: "paused", message: "it is a paused container; resume or stop it first" };
  }
  return undefined;
}

/** Says why a guest is not moved just to level, though a rule or a drain may move it; undefined when it may. */
export function levellingBar(
  guest: Guest,
  settings: Settings,
  meta: SnapshotMeta,
): Bar | undefined {
  if (guest.status === "paused") {
    return {
      code: "paused",
      message: "it is paused, and a paused guest is moved for rules and drains only",
    };
  }
  const type = guest.type === "qemu" ? "vm" : "container";
  if (!settings.types.has(type)) {
    return { code: "type-excluded", message: `guests of type ${type} are not moved to level` };
  }
  if (meta.autoRebalance === true && guest.ha !== null && guest.ha.autoRebalance !== false) {
    return {
      code: "ha-managed",
      message:
        "the cluster's own HA manager balances it; turn that off for the guest or leave it be",
    };
  }
  return undefined;
}
