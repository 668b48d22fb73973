import type {
  CallOptions,
  ChangeResult,
  GuestSnapshot,
  SnapshotsCapability,
} from "../../contract/capabilities.ts";
import { Kappa4Error } from "../../contract/errors.ts";
import type { Operation } from "../../contract/operation.ts";
import type { GuestId } from "../../contract/snapshot.ts";
import type { Parameters } from "../../transport/send.ts";
import { type Method, path } from "./api.ts";
import { followTask } from "./change-follow.ts";
import { unchanged } from "./compute.ts";
import {
  getGuest,
  guestPath,
  type ProxmoxContext,
  type SeenGuest,
  sidOf,
  toVmid,
} from "./context.ts";
import { PRESENT_STATE, searchOf, snapshotEffect } from "./effects.ts";
import { snapshotListPayload } from "./guest-payloads.ts";
import { startTask } from "./send.ts";
import type { SnapshotToken } from "./token.ts";

/** Saves and restores the states of guests. */
export function createSnapshots(context: ProxmoxContext): SnapshotsCapability {
  return {
    list: (id, options) => list(context, id, options),
    create: (id, name, options) => create(context, id, name, options),
    restore: (id, name, options) => restore(context, id, name, options),
    delete: (id, name, options) => remove(context, id, name, options),
  };
}

async function* list(
  context: ProxmoxContext,
  id: GuestId,
  options: CallOptions = {},
): AsyncGenerator<GuestSnapshot> {
  const { entries } = await read(context, id, "list snapshots", options);
  yield* entries;
}

async function create(context: ProxmoxContext, id: GuestId, name: string, options?: CallOptions) {
  refusePresent(context, "snapshot", name);
  const { guest, entries } = await read(context, id, "snapshot", options);
  if (entries.some((entry) => entry.name === name)) return unchanged(context);
  const request = {
    method: "POST",
    path: `${guestPath(guest)}/snapshot`,
    task: "snapshot",
  } as const;
  return change(context, guest, "snapshot", name, options, {
    ...request,
    parameters: { snapname: name },
  });
}

async function restore(context: ProxmoxContext, id: GuestId, name: string, options?: CallOptions) {
  refusePresent(context, "restore", name);
  const { guest, entries } = await read(context, id, "restore", options);
  if (!entries.some((entry) => entry.name === name)) {
    throw new Kappa4Error(
      "not_found",
      `restore of ${sidOf(guest)} on "${context.connection}": it has no snapshot of that name; list them and choose one.`,
      { context: { connector: context.connection, operation: "restore", target: sidOf(guest) } },
    );
  }
  return change(context, guest, "restore", name, options, {
    method: "POST",
    path: `${guestPath(guest)}${path`/snapshot/${name}/rollback`}`,
    task: "rollback",
  });
}

async function remove(context: ProxmoxContext, id: GuestId, name: string, options?: CallOptions) {
  refusePresent(context, "delete-snapshot", name);
  const { guest, entries } = await read(context, id, "delete-snapshot", options);
  if (!entries.some((entry) => entry.name === name)) return unchanged(context);
  return change(context, guest, "delete-snapshot", name, options, {
    method: "DELETE",
    path: `${guestPath(guest)}${path`/snapshot/${name}`}`,
    task: "delsnapshot",
  });
}

/** The list calls the present state by a name that no snapshot may have. */
function refusePresent({ connection }: ProxmoxContext, operation: string, name: string): void {
  if (name !== PRESENT_STATE) return;
  throw new Kappa4Error(
    "invalid_argument",
    `${operation} on "${connection}": "${PRESENT_STATE}" is what Proxmox VE calls the present state, so no snapshot has that name; choose another.`,
    { context: { connector: connection, operation } },
  );
}

async function read(
  context: ProxmoxContext,
  id: GuestId,
  operation: string,
  { signal }: CallOptions = {},
): Promise<{ readonly guest: SeenGuest; readonly entries: readonly GuestSnapshot[] }> {
  const vmid = toVmid(id, context.connection);
  const guest = await getGuest(context, vmid, { operation, target: String(vmid), signal });
  const info = { operation, target: sidOf(guest), signal };
  const rows = await context.api.get(`${guestPath(guest)}/snapshot`, snapshotListPayload, info);
  const entries = rows
    // The last entry is not a snapshot but the present state.
    .filter(({ name }) => name !== PRESENT_STATE)
    .map(({ name, snaptime, description, parent }) => ({
      name,
      createdAt: snaptime === undefined ? null : new Date(snaptime * 1000),
      description,
      parent,
    }));
  return { guest, entries };
}

interface SnapshotRequest {
  readonly method: Exclude<Method, "GET">;
  readonly path: string;
  readonly parameters?: Parameters;
  readonly task: "snapshot" | "rollback" | "delsnapshot";
}

async function change(
  context: ProxmoxContext,
  guest: SeenGuest,
  verb: SnapshotToken["verb"],
  name: string,
  { signal }: CallOptions = {},
  { task, ...write }: SnapshotRequest,
): Promise<Operation<ChangeResult>> {
  const { vmid, type, node } = guest;
  const { connection } = context;
  const common = { v: 1, kind: "proxmox", connection, vmid, type, node } as const;
  const token: SnapshotToken = { ...common, verb, name, upid: null };
  const effect = snapshotEffect(context, token);
  const upid = await startTask(context, {
    ...write,
    operation: verb,
    guest,
    taskTypes: [`${type === "qemu" ? "qm" : "vz"}${task}`],
    signal,
    ...searchOf(effect),
  });
  return followTask(context, { ...token, upid: upid?.text ?? null }, effect);
}
