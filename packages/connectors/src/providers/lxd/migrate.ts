import type { MigrateGuestOptions, MigrateResult } from "../../contract/capabilities.ts";
import { type ErrorCode, Kappa4Error } from "../../contract/errors.ts";
import type { Operation } from "../../contract/operation.ts";
import { type CallInfo, instancePath, type LxdApi } from "./api.ts";
import { locksOf } from "./cluster-read.ts";
import { mustBeStopped } from "./errors.ts";
import { judgeMove } from "./judge-move.ts";
import {
  copyNameOf,
  immovableReason,
  isArchitectureRefused,
  leftoverReason,
  localResourcesOf,
  mapInstanceStatus,
  mapMemberStatus,
} from "./mapping.ts";
import type { Instance, LxdOperation, Member, Pool, Server } from "./payloads.ts";
import { setPower } from "./power.ts";
import { sharedPoolTest } from "./shared-pools.ts";
import { submit } from "./submit.ts";
import { type MoveTicket, ticketBase } from "./ticket.ts";

/** Moves one instance; `name` and `target` are the API's own names. */
export async function migrate(
  api: LxdApi,
  name: string,
  target: string,
  options: MigrateGuestOptions = {},
): Promise<Operation<MigrateResult>> {
  const info: CallInfo = { operation: "migrate", target: name, signal: options.signal };
  const [found, members, operations, pools, server] = await Promise.all([
    api.findInstances(`name eq ${name}`, info),
    api.members(info),
    api.operations(info),
    api.pools(info),
    api.server(info),
  ]);
  const instance = found.find((candidate) => candidate.name === name);
  if (instance === undefined) throw notFound(api, name);
  const uid = instance.config["volatile.uuid"];
  const [copy] =
    uid === undefined ? [] : await api.findInstances(`name eq ${copyNameOf(uid)}`, info);
  const situation = { instance, copy, members, operations, pools, server, target };
  const refusal = refusalOf(situation, options);
  if (refusal !== undefined) {
    const [code, reason] = refusal;
    throw new Kappa4Error(
      code,
      `Instance ${name} on "${api.connection}" was not moved to ${target}: ${reason}.`,
      { context: { connector: api.connection, operation: "migrate", target: name } },
    );
  }
  const ticket: MoveTicket = {
    ...ticketBase(api.connection, api.project),
    verb: "migrate",
    guest: name,
    uid,
    from: instance.location ?? "",
    to: target,
    ran: mapInstanceStatus(instance) === "running",
  };
  const known = new Set(operations.map(({ id }) => id));
  // LXD 5.0 stops and starts what runs by itself; Incus moves nothing that runs, and so does newer LXD.
  if (ticket.ran && server.environment?.server === "incus") {
    return stopAndSend(api, ticket, known, options.signal);
  }
  try {
    return await send(api, ticket, known, options.signal);
  } catch (error) {
    if (!ticket.ran || !mustBeStopped(error)) throw error;
    return stopAndSend(api, ticket, known, options.signal);
  }
}

function send(
  api: LxdApi,
  ticket: MoveTicket,
  known: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): Promise<Operation<MigrateResult>> {
  return submit(api, {
    method: "POST",
    path: instancePath(ticket.guest),
    query: { target: ticket.to },
    json: { name: ticket.guest, migration: true, live: false },
    ticket,
    judge: (complete) => judgeMove(api, complete),
    description: /migrating|moving/i,
    known,
    signal,
  });
}

/**
 * Stops the instance, sends the move and sees to it that the instance runs afterwards, wherever it is, even when
 * nobody waits for the operation: who stops a guest is bound to start it.
 */
async function stopAndSend(
  api: LxdApi,
  ticket: MoveTicket,
  known: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): Promise<Operation<MigrateResult>> {
  // Not abortable: an abort in the middle would not say whether the guest is down.
  const problem = await setPower(api, ticket.guest, "stop");
  if (problem !== undefined) {
    throw new Kappa4Error(
      "operation_failed",
      `Instance ${ticket.guest} on "${api.connection}" was not moved to ${ticket.to} because it did not stop: ${problem}; stop it yourself or look at why it stays.`,
      { context: { connector: api.connection, operation: "migrate", target: ticket.guest } },
    );
  }
  try {
    signal?.throwIfAborted();
    const operation = await send(api, ticket, known, undefined);
    operation.done().catch((error: unknown) => {
      const code = Kappa4Error.is(error) ? error.code : "internal";
      api.logger.warn({ target: ticket.guest, code }, "An instance was not moved as it should be");
    });
    return operation;
  } catch (error) {
    const stays = await setPower(api, ticket.guest, "start");
    if (stays === undefined) throw error;
    throw new Kappa4Error(
      "operation_failed",
      `Instance ${ticket.guest} on "${api.connection}" was stopped for its move to ${ticket.to}, the move failed, and it could not be started again: ${stays}; start it.`,
      {
        cause: error,
        outcome: "applied",
        context: { connector: api.connection, operation: "migrate", target: ticket.guest },
      },
    );
  }
}

function notFound(api: LxdApi, name: string): Kappa4Error {
  return new Kappa4Error(
    "not_found",
    `There is no instance ${name} in project ${api.project} on "${api.connection}"; check its name.`,
    { context: { connector: api.connection, operation: "migrate", target: name } },
  );
}

interface Situation {
  readonly instance: Instance;
  /** What an earlier move left behind. */
  readonly copy: Instance | undefined;
  readonly members: readonly Member[];
  readonly operations: readonly LxdOperation[];
  readonly pools: readonly Pool[];
  readonly server: Server;
  readonly target: string;
}

/** Why a move would fail or do harm; LXD itself finds most of this out only after it has stopped the instance. */
function refusalOf(
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
