import type { MigrateGuestOptions, MigrateResult } from "../../contract/capabilities.ts";
import { Kappa4Error } from "../../contract/errors.ts";
import type { Operation } from "../../contract/operation.ts";
import { type CallInfo, instancePath, type LxdApi } from "./api.ts";
import { mustBeStopped } from "./errors.ts";
import { judgeMove } from "./judge-move.ts";
import { copyNameOf, mapInstanceStatus } from "./mapping.ts";
import { setPower } from "./power.ts";
import { refusalOf } from "./refusal.ts";
import { submit } from "./submit.ts";
import { type MoveToken, tokenBase } from "./token.ts";

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
  const token: MoveToken = {
    ...tokenBase(api.connection, api.project),
    verb: "migrate",
    guest: name,
    uid,
    from: instance.location ?? "",
    to: target,
    ran: mapInstanceStatus(instance) === "running",
  };
  const known = new Set(operations.map(({ id }) => id));
  // LXD 5.0 stops and starts what runs by itself; Incus moves nothing that runs, and so does newer LXD.
  if (token.ran && server.environment?.server === "incus") {
    return stopAndSend(api, token, known, options.signal);
  }
  try {
    return await send(api, token, known, options.signal);
  } catch (error) {
    if (!token.ran || !mustBeStopped(error)) throw error;
    return stopAndSend(api, token, known, options.signal);
  }
}

function send(
  api: LxdApi,
  token: MoveToken,
  known: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): Promise<Operation<MigrateResult>> {
  return submit(api, {
    method: "POST",
    path: instancePath(token.guest),
    query: { target: token.to },
    json: { name: token.guest, migration: true, live: false },
    token,
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
  token: MoveToken,
  known: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): Promise<Operation<MigrateResult>> {
  const context = { connector: api.connection, operation: "migrate", target: token.guest };
  const what = `Instance ${token.guest} on "${api.connection}"`;
  try {
    // Not abortable: an abort in the middle would not say whether the guest is down.
    const problem = await setPower(api, token.guest, "stop");
    if (problem !== undefined) {
      const message = `${what} was not moved to ${token.to} because it did not stop: ${problem}; stop it yourself or look at why it stays.`;
      throw new Kappa4Error("operation_failed", message, { context });
    }
    signal?.throwIfAborted();
    const operation = await send(api, token, known, undefined);
    operation.done().catch((error: unknown) => {
      const code = Kappa4Error.is(error) ? error.code : "internal";
      api.logger.warn({ target: token.guest, code }, "An instance was not moved as it should be");
    });
    return operation;
  } catch (error) {
    const stays = await setPower(api, token.guest, "start");
    if (stays === undefined) throw error;
    throw new Kappa4Error(
      "operation_failed",
      `${what} was stopped for its move to ${token.to}, the move failed, and it could not be started again: ${stays}; start it.`,
      { cause: error, outcome: "applied", context },
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
