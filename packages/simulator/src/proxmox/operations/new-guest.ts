import type { Call } from "../api/operation.ts";
import { failure, parameterError, permissionError } from "../errors.ts";

/** Throws unless the caller may make a guest with this id, and the id is free. */
export function requireNewGuest(call: Call, id: number): void {
  const pool = call.find("pool");
  if (pool !== undefined && !call.cluster.pools.has(pool)) {
    throw parameterError({ pool: `pool '${pool}' does not exist` });
  }
  const mayAllocate =
    call.may(`/vms/${id}`, "VM.Allocate") ||
    (pool !== undefined && call.may(`/pool/${pool}`, "VM.Allocate"));
  if (!mayAllocate) throw permissionError(`/vms/${id}, VM.Allocate`);
  if (call.cluster.guests.has(id)) throw failure(existsText(call, id));
}

/** Puts a new guest into the pool that the call names. */
export function joinPool(call: Call, id: number): void {
  const pool = call.find("pool");
  if (pool !== undefined) call.cluster.pools.get(pool)?.guests.add(id);
}

function existsText(call: Call, id: number): string {
  const guest = call.cluster.guests.get(id);
  const word = guest?.kind === "lxc" ? "CT" : "VM";
  return `unable to create ${word} ${id}: ${word} ${id} already exists on node '${guest?.node ?? ""}'`;
}
