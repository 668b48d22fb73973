import type {
  CallOptions,
  ChangeResult,
  ComputeCapability,
  StopOptions,
} from "../../contract/capabilities.ts";
import { Kappa4Error } from "../../contract/errors.ts";
import type { Operation } from "../../contract/operation.ts";
import type { GuestId } from "../../contract/snapshot.ts";
import type { Parameters } from "../../transport/send.ts";
import type { Method } from "./api.ts";
import { followTask } from "./change-follow.ts";
import {
  findGuest,
  getGuest,
  guestContext,
  guestPath,
  isFreeId,
  type ProxmoxContext,
  type SeenGuest,
  sidOf,
  toVmid,
} from "./context.ts";
import { cloneGuest, createGuest } from "./create.ts";
import { changeEffect, searchOf } from "./effects.ts";
import { endedOperation } from "./operation.ts";
import { readGuestState } from "./power.ts";
import { startTask } from "./send.ts";
import { type ChangeToken, writeToken } from "./token.ts";

const STOP_MS = 180_000;
/** The HA manager acts in rounds; its task is only the request. */
const HA_SETTLE_MS = 120_000;
const SETTLE_MS = 30_000;

/** Starts, stops, makes and removes guests. */
export function createCompute(context: ProxmoxContext): ComputeCapability {
  return {
    start: (id, options) => start(context, id, options),
    stop: (id, options) => stop(context, id, options),
    restart: (id, options) => restart(context, id, options),
    create: (input, options) => createGuest(context, input, options),
    clone: (id, input, options) => cloneGuest(context, id, input, options),
    delete: (id, options) => remove(context, id, options),
  };
}

/** An operation for what was so already. */
export function unchanged(context: ProxmoxContext): Operation<ChangeResult> {
  const { connection } = context;
  const token = writeToken({ v: 1, kind: "proxmox", connection, verb: "nothing" });
  return endedOperation(token, { changed: false });
}

async function start(context: ProxmoxContext, id: GuestId, options: CallOptions = {}) {
  const { guest, state } = await look(context, id, "start", options);
  if (state === "running") return unchanged(context);
  const [verb, type] = state === "paused" ? ["resume", "qmresume"] : ["start", "start"];
  return change(context, guest, "start", options, {
    method: "POST",
    path: `${guestPath(guest)}/status/${verb}`,
    taskTypes: state === "paused" ? [type] : [`${prefix(guest)}start`, "hastart"],
  });
}

async function stop(context: ProxmoxContext, id: GuestId, options: StopOptions = {}) {
  const { guest, state } = await look(context, id, "stop", options);
  if (state === "stopped") return unchanged(context);
  const timeoutMs = options.timeoutMs ?? STOP_MS;
  const isForced = options.mode === "force";
  return change(context, guest, "stop", options, {
    method: "POST",
    path: `${guestPath(guest)}/status/${isForced ? "stop" : "shutdown"}`,
    parameters: isForced ? {} : { timeout: Math.max(1, Math.ceil(timeoutMs / 1000)) },
    taskTypes: [`${prefix(guest)}${isForced ? "stop" : "shutdown"}`, "hastop"],
    settleMs: guest.row.hastate === undefined ? SETTLE_MS : HA_SETTLE_MS + timeoutMs,
  });
}

async function restart(context: ProxmoxContext, id: GuestId, options: CallOptions = {}) {
  const { guest, state } = await look(context, id, "restart", options);
  if (state === "stopped") throw wrongState(context, guest, "restart", "it is stopped; start it");
  return change(context, guest, "restart", options, {
    method: "POST",
    path: `${guestPath(guest)}/status/reboot`,
    taskTypes: [`${prefix(guest)}reboot`],
  });
}

async function remove(context: ProxmoxContext, id: GuestId, options: CallOptions = {}) {
  const vmid = toVmid(id, context.connection);
  const info = { operation: "delete", target: String(vmid), signal: options.signal };
  const guest = await findGuest(context, vmid, info);
  if (guest === undefined) {
    if (await isFreeId(context, vmid, info)) return unchanged(context);
    throw hidden(context, vmid);
  }
  if ((await readGuestState(context, guest, info)) !== "stopped") {
    throw wrongState(context, guest, "delete", "it is not stopped; stop it first");
  }
  return change(context, guest, "delete", options, {
    method: "DELETE",
    path: guestPath(guest),
    taskTypes: [`${prefix(guest)}destroy`],
  });
}

function hidden({ connection }: ProxmoxContext, vmid: number): Kappa4Error {
  return new Kappa4Error(
    "permission",
    `delete on "${connection}" was refused: guest ${vmid} exists, but the credentials may not see it; give them the privilege VM.Audit on /vms/${vmid}.`,
    { context: { connector: connection, operation: "delete", target: String(vmid) } },
  );
}

interface Change {
  readonly method: Exclude<Method, "GET">;
  readonly path: string;
  readonly parameters?: Parameters;
  readonly taskTypes: readonly string[];
  readonly settleMs?: number;
}

async function change(
  context: ProxmoxContext,
  guest: SeenGuest,
  verb: ChangeToken["verb"],
  { signal }: CallOptions,
  request: Change,
): Promise<Operation<ChangeResult>> {
  const token: ChangeToken = {
    v: 1,
    kind: "proxmox",
    connection: context.connection,
    verb,
    vmid: guest.vmid,
    type: guest.type,
    node: guest.node,
    upid: null,
    settleMs: request.settleMs ?? (guest.row.hastate === undefined ? SETTLE_MS : HA_SETTLE_MS),
  };
  const effect = changeEffect(context, token);
  const upid = await startTask(context, {
    ...request,
    operation: verb,
    guest,
    signal,
    ...searchOf(effect),
  });
  return followTask(context, { ...token, upid: upid?.text ?? null }, effect);
}

async function look(
  context: ProxmoxContext,
  id: GuestId,
  operation: string,
  { signal }: CallOptions,
) {
  const vmid = toVmid(id, context.connection);
  const guest = await getGuest(context, vmid, { operation, target: String(vmid), signal });
  if (guest.row.template) {
    throw wrongState(context, guest, operation, "it is a template; clone it instead");
  }
  const info = { operation, target: sidOf(guest), signal };
  return { guest, state: await readGuestState(context, guest, info) };
}

function prefix(guest: SeenGuest): "qm" | "vz" {
  return guest.type === "qemu" ? "qm" : "vz";
}

function wrongState(
  context: ProxmoxContext,
  guest: SeenGuest,
  operation: string,
  why: string,
): Kappa4Error {
  return new Kappa4Error(
    "failed_precondition",
    `${operation} of ${sidOf(guest)} on "${context.connection}" cannot be done: ${why}.`,
    { context: guestContext(context, operation, guest) },
  );
}
