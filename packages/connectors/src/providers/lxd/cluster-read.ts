import type { CallOptions } from "../../contract/capabilities.ts";
import { Kappa4Error } from "../../contract/errors.ts";
import type { CallInfo, LxdApi } from "./api.ts";
import { instancesOf, lockOf, mapMemberStatus, movedUidOf } from "./mapping.ts";
import type { Instance, LxdOperation, Member, Pool, Resources, Server } from "./payloads.ts";

/** One reading of the cluster, not yet in our words. */
export interface ClusterReading {
  readonly takenAtMs: number;
  readonly server: Server;
  readonly members: readonly Member[];
  /** Without the half-made copies of moves under way. */
  readonly instances: readonly Instance[];
  readonly pools: readonly Pool[];
  /** By member name; absent for members that do not answer. */
  readonly resources: ReadonlyMap<string, Resources>;
  /** By instance name: the change it is in the middle of. */
  readonly locks: ReadonlyMap<string, string>;
  /** By instance name: the copy that a failed move left behind. */
  readonly leftovers: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}

/** Options of {@link readCluster}. */
export interface ReadClusterOptions extends CallOptions {
  readonly operation: string;
  /** Whether to ask this member for its hardware. */
  needsResources(member: string): boolean;
}

/** Reads members, instances, operations, pools, and the hardware of the members that are up. */
export async function readCluster(
  api: LxdApi,
  options: ReadClusterOptions,
): Promise<ClusterReading> {
  const info: CallInfo = { operation: options.operation, signal: options.signal };
  const [server, members, listed, operations, pools] = await Promise.all([
    api.server(info),
    api.members(info),
    api.instances(2, info),
    api.operations(info),
    api.pools(info),
  ]);
  const takenAtMs = api.clock.now();
  const locks = locksOf(operations);
  const { instances, leftovers, warnings } = withoutCopies(listed, locks);
  const resources = new Map<string, Resources>();
  const unreachable: string[] = [];
  const asked = members.filter(
    (member) =>
      mapMemberStatus(member).status === "online" && options.needsResources(member.server_name),
  );
  await Promise.all(
    asked.map(async ({ server_name: name }) => {
      const read = await unlessAway(api.resources(name, { ...info, retries: 2 }));
      if (read === undefined) unreachable.push(name);
      else resources.set(name, read);
    }),
  );
  return {
    takenAtMs,
    server,
    // The server gives no order; readers that compare want one.
    members: members
      .map((member) =>
        unreachable.includes(member.server_name) ? { ...member, status: "Unreachable" } : member,
      )
      .toSorted((a, b) => compare(a.server_name, b.server_name)),
    instances: instances.toSorted((a, b) => compare(a.name, b.name)),
    pools,
    resources,
    locks,
    leftovers,
    warnings: [
      ...warnings,
      ...unreachable.map((name) => `Member ${name} is not marked offline but does not answer.`),
    ],
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Gives undefined for what a member that is away would have said. */
export async function unlessAway<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (Kappa4Error.is(error, "unavailable")) return undefined;
    throw error;
  }
}

/** Which instances are in the middle of a change, and of which. */
export function locksOf(operations: readonly LxdOperation[]): ReadonlyMap<string, string> {
  const locks = new Map<string, string>();
  for (const operation of operations) {
    const lock = lockOf(operation);
    if (lock === null) continue;
    for (const name of instancesOf(operation)) locks.set(name, lock);
  }
  return locks;
}

/** A move makes a copy under a name of its own; while the original is there, the copy is no guest. */
function withoutCopies(
  listed: readonly Instance[],
  locks: ReadonlyMap<string, string>,
): Pick<ClusterReading, "instances" | "leftovers" | "warnings"> {
  const originals = new Map(
    listed
      .filter((instance) => movedUidOf(instance.name) === undefined)
      .map((instance) => [instance.config["volatile.uuid"], instance]),
  );
  const warnings: string[] = [];
  const leftovers = new Map<string, string>();
  const instances = listed.filter((instance) => {
    const uid = movedUidOf(instance.name);
    if (uid === undefined) return true;
    const original = originals.get(uid);
    if (original === undefined) {
      warnings.push(`Instance ${instance.name} is all there is of a moved instance; rename it.`);
      return true;
    }
    if (locks.get(original.name) !== "migrate") {
      leftovers.set(original.name, instance.name);
      warnings.push(
        `Instance ${instance.name} is left over from a move of ${original.name} that failed; delete it, or the next move fails too.`,
      );
    }
    return false;
  });
  return { instances, leftovers, warnings };
}
