import type { Pool, Server } from "./payloads.ts";

/** Makes the test for pools whose volumes every member reaches; the server names the drivers that do so. */
export function sharedPoolTest(server: Server, pools: readonly Pool[]): (pool: string) => boolean {
  const drivers = server.environment?.storage_supported_drivers ?? [];
  const remote = new Set(drivers.flatMap(({ Name, Remote }) => (Remote === true ? [Name] : [])));
  const shared = new Set(
    pools.flatMap(({ name, driver }) =>
      remote.has(driver) || ALWAYS_REMOTE.has(driver) ? [name] : [],
    ),
  );
  return (pool) => shared.has(pool);
}

const ALWAYS_REMOTE: ReadonlySet<string> = new Set(["ceph", "cephfs", "cephobject"]);
