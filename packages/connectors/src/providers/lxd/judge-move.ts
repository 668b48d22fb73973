import type { MigrateResult } from "../../contract/capabilities.ts";
import { Kappa4Error, type Outcome } from "../../contract/errors.ts";
import type { CallInfo, LxdApi } from "./api.ts";
import { locksOf } from "./cluster-read.ts";
import { errorFromOperation } from "./errors.ts";
import {
  callInfo,
  contextOfToken,
  type Judge,
  nameOf,
  type OperationEnd,
  type Verdict,
} from "./judge.ts";
import { copyNameOf, mapInstanceStatus, movedUidOf } from "./mapping.ts";
import type { Instance } from "./payloads.ts";
import { setPower } from "./power.ts";
import type { MoveToken } from "./token.ts";

/**
 * Judges a move: the same instance (by uid) is on the target, and runs if it ran. LXD leaves an instance
 * stopped when a move fails half-way, and newer servers want it stopped beforehand, so one that ran and does
 * not any more is started where it is.
 */
export function judgeMove(api: LxdApi, token: MoveToken): Judge<MigrateResult> {
  return async (end, options) => {
    const info = callInfo(token, options.signal);
    const all = await api.findInstances(filterOf(token), info);
    const guest = all.find(({ name }) => name === token.guest);
    const notes = copyNotes(all, token);
    const lost = lostGuest(api, token, guest, notes);
    if (lost !== undefined) return { error: lost };
    const status = guest === undefined ? "unknown" : mapInstanceStatus(guest);
    const place = guest?.location ?? "";
    const runs = status === "running";
    if (end.state === "gone" && place !== token.to) await refuseWhileMoving(api, token, info);
    if (token.ran && status === "stopped" && options.mayRepair) {
      const problem = await setPower(api, token.guest, "start", options.signal);
      if (problem === undefined) return verdict(api, token, end, { place, asBefore: true, notes });
      notes.push(`It is stopped on ${place} and could not be started: ${problem}.`);
    } else if (token.ran && !runs) {
      notes.push(`It ran before and is ${status} on ${place} now.`);
    }
    return verdict(api, token, end, { place, asBefore: runs || !token.ran, notes });
  };
}

interface Found {
  readonly place: string;
  /** It runs if it ran. */
  readonly asBefore: boolean;
  readonly notes: readonly string[];
}

function verdict(
  api: LxdApi,
  token: MoveToken,
  end: OperationEnd,
  found: Found,
): Verdict<MigrateResult> {
  const arrived = found.place === token.to;
  if (arrived && found.asBefore) {
    return { value: { node: found.place, warnings: [...warningsOf(end), ...found.notes] } };
  }
  const outcome: Outcome = arrived || !found.asBefore ? "applied" : "not_applied";
  const stayed = found.asBefore && !arrived ? [`It is on ${found.place} as before.`] : [];
  const notes = [...stayed, ...found.notes];
  const [name, context] = [nameOf(api, token), contextOfToken(api, token)];
  return { error: errorFromOperation(reasonOf(end), { name, context, outcome, notes }) };
}

function reasonOf(end: OperationEnd): string {
  if (end.state === "gone") return "the server has forgotten the operation";
  return end.error ?? "the operation ended well but the instance is not where and as it should be";
}

function warningsOf(end: OperationEnd): readonly string[] {
  if (end.state === "gone") {
    return ["The server has forgotten the operation; its end was inferred from the instance."];
  }
  return end.error === undefined ? [] : [`The server reported: ${end.error}.`];
}

/** The instance, the copy, and whatever else has the uid; a member that is away tells nothing but names. */
function filterOf({ guest, uid }: MoveToken): string {
  const byName = `name eq ${guest}`;
  if (uid === undefined) return byName;
  return `${byName} or name eq ${copyNameOf(uid)} or config.volatile.uuid eq ${uid}`;
}

/** An operation that one member has forgotten may be known to another; then it is too early to judge. */
async function refuseWhileMoving(api: LxdApi, token: MoveToken, info: CallInfo): Promise<void> {
  if (locksOf(await api.operations(info)).get(token.guest) !== "migrate") return;
  throw new Kappa4Error("unavailable", `${nameOf(api, token)} is not over yet; look again.`, {
    outcome: "unknown",
    context: contextOfToken(api, token),
  });
}

/** The instance cannot be accounted for: gone, another one of that name, or on a member that is away. */
function lostGuest(
  api: LxdApi,
  token: MoveToken,
  guest: Instance | undefined,
  notes: readonly string[],
): Kappa4Error | undefined {
  const name = nameOf(api, token);
  const options = { outcome: "unknown", context: contextOfToken(api, token) } as const;
  const rest = notes.length === 0 ? "" : ` ${notes.join(" ")}`;
  if (guest === undefined) {
    const message = `${name} ended and no instance of that name is to be found; look for it on ${token.from} and ${token.to}.${rest}`;
    return new Kappa4Error("operation_failed", message, options);
  }
  if (mapInstanceStatus(guest) === "unknown") {
    const message = `${name} cannot be judged because member ${guest.location ?? "of the instance"} does not answer; look again when it is back.${rest}`;
    return new Kappa4Error("unavailable", message, options);
  }
  if (token.uid !== undefined && guest.config["volatile.uuid"] !== token.uid) {
    const message = `${name} ended and the name belongs to another instance now; look for the moved one by its volatile.uuid.${rest}`;
    return new Kappa4Error("operation_failed", message, options);
  }
  return undefined;
}

function copyNotes(all: readonly Instance[], token: MoveToken): string[] {
  const copy = all.find(({ name }) => token.uid !== undefined && movedUidOf(name) === token.uid);
  if (copy === undefined) return [];
  return [
    `A half-made copy is left as ${copy.name} on ${copy.location ?? "some member"}; delete it once the instance is safe.`,
  ];
}
