import type { MigrateGuestOptions, MigrateResult } from "../../contract/capabilities.ts";
import { type ErrorCode, Kappa4Error } from "../../contract/errors.ts";
import type { Operation } from "../../contract/operation.ts";
import type { GuestId } from "../../contract/snapshot.ts";
import type { Parameters } from "../../transport/send.ts";
import type { CallInfo } from "./api.ts";
import {
  guestContext,
  guestNotFound,
  guestPath,
  guestsOf,
  type ProxmoxContext,
  readResources,
  type SeenGuest,
  sidOf,
  toVmid,
} from "./context.ts";
import { followMigration } from "./migrate-follow.ts";
import type { ResourcePayload } from "./payloads.ts";
import { readGuestState } from "./power.ts";
import { describeBlockers, type Preconditions, readPreconditions } from "./preconditions.ts";
import { startTask } from "./send.ts";
import { isInHaMotion } from "./signs.ts";

/** Moves a guest: checks all that can be checked, asks once, and gives back what follows the move to its end. */
export async function migrate(
  context: ProxmoxContext,
  id: GuestId,
  target: string,
  options: MigrateGuestOptions = {},
): Promise<Operation<MigrateResult>> {
  const vmid = toVmid(id, context.connection);
  const info: CallInfo = { operation: "migrate", target: String(vmid), signal: options.signal };
  const rows = await readResources(context, info);
  const guest = guestsOf(rows).find((candidate) => candidate.vmid === vmid);
  if (guest === undefined) throw guestNotFound(context, vmid, "migrate");
  const named: CallInfo = { ...info, target: sidOf(guest) };
  const refuse = refusal(context, guest, target);
  checkPlaces(guest, target, rows, refuse);
  const conditions = await readPreconditions(context, guest, named);
  // The list lags behind by up to half a minute.
  const running =
    conditions?.running ?? (await readGuestState(context, guest, named)) !== "stopped";
  checkConditions(guest, target, running, conditions, options, refuse);

  const upid = await startTask(context, {
    method: "POST",
    path: `${guestPath(guest)}/migrate`,
    parameters: migrateParameters(guest, target, running, conditions, options),
    operation: "migrate",
    guest,
    taskTypes: [guest.type === "qemu" ? "qmigrate" : "vzmigrate", "hamigrate"],
    signal: options.signal,
    isVisible: (search) => isOnItsWay(context, guest, target, search),
  });
  return followMigration(context, {
    v: 1,
    kind: "proxmox",
    connection: context.connection,
    verb: "migrate",
    vmid,
    type: guest.type,
    node: guest.node,
    target,
    ran: running,
    along: conditions?.dependentResources ?? [],
    upid: upid?.text ?? null,
  });
}

type Refuse = (code: ErrorCode, why: string) => Kappa4Error;

function refusal(context: ProxmoxContext, guest: SeenGuest, target: string): Refuse {
  return (code, why) =>
    new Kappa4Error(
      code,
      `${sidOf(guest)} of "${context.connection}" cannot move from ${guest.node} to ${target}: ${why}.`,
      { context: guestContext(context, "migrate", guest) },
    );
}

function checkPlaces(
  guest: SeenGuest,
  target: string,
  rows: readonly ResourcePayload[],
  refuse: Refuse,
): void {
  const nodes = rows.filter(({ type }) => type === "node");
  const there = nodes.find(({ node }) => node === target);
  const here = nodes.find(({ node }) => node === guest.node);
  if (there === undefined)
    throw refuse("not_found", "the cluster has no such node; check its name");
  if (guest.node === target) throw refuse("failed_precondition", "it is there already");
  if (there.status !== "online") {
    throw refuse(
      "failed_precondition",
      "the target is not online; bring it back or choose another",
    );
  }
  if (here?.status !== "online" || guest.row.status === "unknown") {
    throw refuse("failed_precondition", "its node does not answer; bring that back first");
  }
  if (there.hastate === "maintenance") {
    throw refuse("failed_precondition", "the target is in maintenance; choose another");
  }
  if (guest.row.lock !== undefined) {
    throw refuse(
      "conflict",
      `it is locked (${guest.row.lock}); wait for that to end and try again`,
    );
  }
  if (guest.row.hastate === "error") {
    throw refuse(
      "failed_precondition",
      "its HA resource is in error state; disable it, fix it, and enable it again",
    );
  }
}

function checkConditions(
  guest: SeenGuest,
  target: string,
  running: boolean,
  conditions: Preconditions | undefined,
  options: MigrateGuestOptions,
  refuse: Refuse,
): void {
  const blockers = conditions?.refused[target];
  if (blockers !== undefined) {
    const why = describeBlockers(blockers) || "Proxmox VE does not allow it";
    throw refuse("failed_precondition", `${why}; choose another target`);
  }
  const devices = conditions?.blockingResources ?? [];
  if (devices.length > 0) {
    const why = `it is bound to its node by ${devices.join(", ")}; detach that first`;
    throw refuse("failed_precondition", why);
  }
  if (guest.type === "lxc" && running && options.allowDowntime !== true) {
    const why = "a running container has to be stopped and started for it; allow downtime";
    throw refuse("failed_precondition", why);
  }
  const disks = conditions?.localDisks ?? [];
  if (options.withLocalDisks === false && disks.length > 0) {
    const why = `it has disks that only its node has (${disks.map(({ volid }) => volid).join(", ")}); let them be copied along`;
    throw refuse("failed_precondition", why);
  }
}

function migrateParameters(
  guest: SeenGuest,
  target: string,
  running: boolean,
  conditions: Preconditions | undefined,
  options: MigrateGuestOptions,
): Parameters {
  if (!running) return { target };
  if (guest.type === "lxc") return { target, restart: 1 };
  const copiesDisks = options.withLocalDisks !== false && (conditions?.localDisks.length ?? 0) > 0;
  return {
    target,
    online: 1,
    ...(copiesDisks ? { "with-local-disks": 1 } : {}),
    // Proxmox VE 8 refuses the whole move for a parameter that it does not know.
    ...(conditions?.canMoveConntrack === true ? { "with-conntrack-state": 1 } : {}),
  };
}

async function isOnItsWay(
  context: ProxmoxContext,
  guest: SeenGuest,
  target: string,
  info: CallInfo,
): Promise<boolean | undefined> {
  const rows = await readResources(context, info);
  const now = guestsOf(rows).find(({ vmid }) => vmid === guest.vmid);
  if (now === undefined || now.row.status === "unknown") return undefined;
  if (now.node === target || now.row.lock === "migrate" || isInHaMotion(now)) return true;
  return now.node === guest.node ? false : undefined;
}
