import type { MigrateGuestOptions } from "../../contract/capabilities.ts";
import type { ErrorCode } from "../../contract/errors.ts";
import { locksOf } from "./cluster-read.ts";
import {
  immovableReason,
  isArchitectureRefused,
  leftoverReason,
  localResourcesOf,
  mapInstanceStatus,
  mapMemberStatus,
} from "./mapping.ts";
import type { Instance, LxdOperation, Member, Pool, Server } from "./payloads.ts";
import { sharedPoolTest } from "./shared-pools.ts";

/** What a move would find. */
export interface Situation {
  readonly instance: Instance;
  /** What an earlier move left behind. */
  readonly copy: Instance | undefined;
  readonly members: readonly Member[];
  readonly operations: readonly LxdOperation[];
  readonly pools: readonly Pool[];
  readonly server: Server;
  readonly target: string;
}

/** Tells why a move would fail or do harm; LXD itself finds most of this out only after it has stopped the instance. */
export function refusalOf(
  situation: Situation,
  options: MigrateGuestOptions,
): readonly [ErrorCode, string] | undefined {
  const { instance, copy, members, operations, pools, server, target } = situation;
  const member = members.find((candidate) => candidate.server_name === target);
  if (member === undefined) return ["not_found", "the cluster has no member of that name"];
  if (instance.location === target) return ["failed_precondition", "it is there already"];
  const { status, maintenance } = mapMemberStatus(member);
  if (status !== "online") {
    return ["unavailable", `member ${target} is ${member.status.toLowerCase()}`];
  }
  if (maintenance) return ["unavailable", `member ${target} is evacuated; restore it first`];
  const lock = locksOf(operations).get(instance.name);
  if (lock !== undefined) return ["conflict", `it is in the middle of a ${lock}; wait for its end`];
  if (copy !== undefined) return ["failed_precondition", leftoverReason(copy.name)];
  const immovable = immovableReason(instance, server);
  if (immovable !== undefined) return ["failed_precondition", immovable];
  if (isArchitectureRefused(instance, member)) {
    return ["failed_precondition", `its architecture does not run on ${member.architecture}`];
  }
  const isShared = sharedPoolTest(server, pools);
  const root = Object.values(instance.expanded_devices).find((device) => device.path === "/");
  if (options.withLocalDisks === false && !isShared(root?.pool ?? "")) {
    return [
      "failed_precondition",
      "its disk is local to its member; allow local disks to be copied",
    ];
  }
  const local = localResourcesOf(instance, isShared);
  if (local.length > 0) {
    return ["failed_precondition", `its devices ${local.join(", ")} belong to its member`];
  }
  switch (mapInstanceStatus(instance)) {
    case "unknown":
      return ["unavailable", `its state is ${instance.status}; look at its member`];
    case "running":
      if (options.allowDowntime === true) return undefined;
      return [
        "failed_precondition",
        "it is running and LXD moves it only by a stop and a start; allow the downtime",
      ];
    default:
      return undefined;
  }
}
