import type { CallOptions } from "../../contract/capabilities.ts";
import type { NodeStorage } from "../../contract/snapshot.ts";
import type { LxdApi } from "./api.ts";
import { type ClusterReading, unlessAway } from "./cluster-read.ts";
import { mapMemberStatus } from "./mapping.ts";
import { sharedPoolTest } from "./shared-pools.ts";

/** Reads the space of all pools, by member; a shared pool is asked for once. Members that are away are left out. */
export async function readStorages(
  api: LxdApi,
  reading: ClusterReading,
  options: CallOptions,
): Promise<ReadonlyMap<string, readonly NodeStorage[]>> {
  const isShared = sharedPoolTest(reading.server, reading.pools);
  const info = { operation: "snapshot", signal: options.signal, retries: 2 };
  const asked = new Map<string, ReturnType<LxdApi["poolSpace"]>>();
  const space = (pool: string, member: string): ReturnType<LxdApi["poolSpace"]> => {
    if (!isShared(pool)) return api.poolSpace(pool, member, info);
    const answer = asked.get(pool) ?? api.poolSpace(pool, member, info);
    asked.set(pool, answer);
    return answer;
  };
  const up = reading.members
    .filter((member) => mapMemberStatus(member).status === "online")
    .map((member) => member.server_name);
  const storages = await Promise.all(
    up.map(async (member) => {
      const here = reading.pools.filter(({ locations }) => locations?.includes(member) ?? true);
      const read = await Promise.all(
        here.map(async ({ name }) => {
          const usage = await unlessAway(space(name, member));
          return usage === undefined ? [] : [{ id: name, shared: isShared(name), ...usage }];
        }),
      );
      return [member, read.flat()] as const;
    }),
  );
  return new Map(storages);
}
