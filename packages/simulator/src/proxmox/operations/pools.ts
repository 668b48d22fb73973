import { anyUser, type Call, needs, type Operation } from "../api/operation.ts";
import { flag, oneOf, optional, text } from "../api/schema.ts";
import { failure } from "../errors.ts";
import { poolOf } from "../state/cluster.ts";
import type { Pool } from "../state/types.ts";
import { guestRow, nodesOf, type Row, storageRow, storageUse } from "./rows.ts";

const change = {
  comment: optional(text),
  vms: optional(text),
  storage: optional(text),
  delete: optional(flag),
  "allow-move": optional(flag),
};

/** Resource pools, in the old form (one path per pool) and the new one (the name as parameter). */
export const poolOperations: readonly Operation[] = [
  {
    method: "GET",
    path: "/pools",
    permission: anyUser,
    named: { poolid: optional(text), type: optional(oneOf("qemu", "lxc", "storage")) },
    run: (call) => list(call),
  },
  {
    method: "GET",
    path: "/pools/{poolid}",
    permission: needs("/pool/{poolid}", "Pool.Audit"),
    named: { poolid: text, type: optional(oneOf("qemu", "lxc", "storage")) },
    run: (call) => describe(call, poolNamed(call)),
  },
  {
    method: "POST",
    path: "/pools",
    permission: anyUser,
    named: { poolid: text, comment: optional(text) },
    run: (call) => create(call),
  },
  ...["/pools", "/pools/{poolid}"].map(
    (path): Operation => ({
      method: "PUT",
      path,
      permission: anyUser,
      named: { poolid: text, ...change },
      run: (call) => update(call),
    }),
  ),
  ...["/pools", "/pools/{poolid}"].map(
    (path): Operation => ({
      method: "DELETE",
      path,
      permission: anyUser,
      named: { poolid: text },
      run: (call) => remove(call),
    }),
  ),
];

function list(call: Call): readonly Row[] {
  if (call.values.has("poolid")) {
    call.require(`/pool/${call.text("poolid")}`, "Pool.Audit");
    const pool = poolNamed(call);
    return [{ poolid: pool.id, ...describe(call, pool) }];
  }
  return [...call.cluster.pools.values()]
    .filter((pool) => call.may(`/pool/${pool.id}`, "Pool.Audit"))
    .map((pool) => ({ poolid: pool.id, ...(pool.comment ? { comment: pool.comment } : {}) }));
}

function describe(call: Call, pool: Pool): Row {
  const { cluster } = call;
  const wanted = call.find("type");
  const used = storageUse(cluster);
  const guests = [...pool.guests]
    .map((id) => cluster.guests.get(id))
    .filter((guest) => guest !== undefined)
    .filter((guest) => wanted === undefined || guest.kind === wanted)
    .map((guest) => guestRow(cluster, guest, pool.id));
  const storages = [...pool.storages]
    .map((id) => cluster.storages.get(id))
    .filter((storage) => storage !== undefined)
    .filter(() => wanted === undefined || wanted === "storage")
    .flatMap((storage) =>
      nodesOf(cluster, storage).map((node) => storageRow(cluster, storage, node, used)),
    );
  const members = cluster.random.shuffle([...guests, ...storages]);
  return { ...(pool.comment ? { comment: pool.comment } : {}), members };
}

function create(call: Call): null {
  const id = call.text("poolid");
  call.require(`/pool/${id}`, "Pool.Allocate");
  if (call.cluster.pools.has(id)) throw failure(`create pool failed: pool '${id}' already exists`);
  const comment = call.text("comment");
  call.cluster.pools.set(id, { id, comment, guests: new Set(), storages: new Set() });
  return null;
}

function update(call: Call): null {
  const { cluster } = call;
  const pool = poolNamed(call);
  call.require(`/pool/${pool.id}`, "Pool.Allocate");
  pool.comment = call.find("comment") ?? pool.comment;
  for (const text of split(call.find("vms"))) {
    const id = Number(text);
    call.require(`/vms/${id}`, "VM.Allocate");
    if (call.flag("delete")) {
      if (!pool.guests.delete(id)) throw failure(`VM ${id} is not a pool member`);
      continue;
    }
    const before = poolOf(cluster, id);
    if (before && before !== pool && !call.flag("allow-move")) {
      throw failure(`VM ${id} belongs already to pool '${before.id}' and 'allow-move' is not set`);
    }
    before?.guests.delete(id);
    pool.guests.add(id);
  }
  for (const id of split(call.find("storage"))) {
    call.require(`/storage/${id}`, "Datastore.Allocate");
    if (call.flag("delete")) pool.storages.delete(id);
    else pool.storages.add(id);
  }
  return null;
}

function remove(call: Call): null {
  const pool = poolNamed(call);
  call.require(`/pool/${pool.id}`, "Pool.Allocate");
  if (pool.guests.size + pool.storages.size > 0) {
    throw failure(`delete pool failed: pool '${pool.id}' is not empty`);
  }
  call.cluster.pools.delete(pool.id);
  return null;
}

function poolNamed(call: Call): Pool {
  const pool = call.cluster.pools.get(call.text("poolid"));
  if (!pool) throw failure(`no such pool '${call.text("poolid")}'`);
  return pool;
}

function split(text: string | undefined): readonly string[] {
  return text?.split(/[,; ]+/).filter(Boolean) ?? [];
}
