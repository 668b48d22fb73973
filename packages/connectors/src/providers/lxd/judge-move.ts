import type { MigrateResult } from "../../contract/capabilities.ts";
import { Kappa4Error, type Outcome } from "../../contract/errors.ts";
import type { CallInfo, LxdApi } from "./api.ts";
import { locksOf } from "./cluster-read.ts";
import { errorFromOperation } from "./errors.ts";
import {
  callInfo,
  contextOfTicket,
  type Judge,
  nameOf,
  type OperationEnd,
  type Verdict,
} from "./judge.ts";
import { copyNameOf, mapInstanceStatus, movedUidOf } from "./mapping.ts";
import type { Instance } from "./payloads.ts";
import { setPower } from "./power.ts";
import type { MoveTicket } from "./ticket.ts";

/**
 * Judges a move: the same instance (by uid) is on the target, and runs if it ran. LXD leaves an instance
 * stopped when a move fails half-way, and newer servers want it stopped beforehand, so one that ran and does
 * not any more is started where it is.
 */
export function judgeMove(api: LxdApi, ticket: MoveTicket): Judge<MigrateResult> {
  return async (end, options) => {
    const info = callInfo(ticket, options.signal);
    const all = await api.findInstances(filterOf(ticket), info);
    const guest = all.find(({ name }) => name === ticket.guest);
    const notes = copyNotes(all, ticket);
    const lost = lostGuest(api, ticket, guest, notes);
    if (lost !== undefined) return { error: lost };
    const status = guest === undefined ? "unknown" : mapInstanceStatus(guest);
    const place = guest?.location ?? "";
    const runs = status === "running";
    if (end.state === "gone" && place !== ticket.to) await refuseWhileMoving(api, ticket, info);
    if (ticket.ran && status === "stopped" && options.mayRepair) {
      const problem = await setPower(api, ticket.guest, "start", options.signal);
      if (problem === undefined) return verdict(api, ticket, end, { place, asBefore: true, notes });
      notes.push(`It is stopped on ${place} and could not be started: ${problem}.`);
    } else if (ticket.ran && !runs) {
      notes.push(`It ran before and is ${status} on ${place} now.`);
    }
    return verdict(api, ticket, end, { place, asBefore: runs || !ticket.ran, notes });
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
  ticket: MoveTicket,
  end: OperationEnd,
  found: Found,
): Verdict<MigrateResult> {
  const arrived = found.place === ticket.to;
  if (arrived && found.asBefore) {
    return { value: { node: found.place, warnings: [...warningsOf(end), ...found.notes] } };
  }
  const outcome: Outcome = arrived || !found.asBefore ? "applied" : "not_applied";
  const stayed = found.asBefore && !arrived ? [`It is on ${found.place} as before.`] : [];
  const notes = [...stayed, ...found.notes];
  const [name, context] = [nameOf(api, ticket), contextOfTicket(api, ticket)];
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
function filterOf({ guest, uid }: MoveTicket): string {
  const byName = `name eq ${guest}`;
  if (uid === undefined) return byName;
  return `${byName} or name eq ${copyNameOf(uid)} or config.volatile.uuid eq ${uid}`;
}

/** An operation that one member has forgotten may be known to another; then it is too early to judge. */
async function refuseWhileMoving(api: LxdApi, ticket: MoveTicket, info: CallInfo): Promise<void> {
  if (locksOf(await api.operations(info)).get(ticket.guest) !== "migrate") return;
  throw new Kappa4Error("unavailable", `${nameOf(api, ticket)} is not over yet; look again.`, {
    outcome: "unknown",
    context: contextOfTicket(api, ticket),
  });
}

/** The instance cannot be accounted for: gone, another one of that name, or on a member that is away. */
function lostGuest(
  api: LxdApi,
  ticket: MoveTicket,
  guest: Instance | undefined,
  notes: readonly string[],
): Kappa4Error | undefined {
  const name = nameOf(api, ticket);
  const options = { outcome: "unknown", context: contextOfTicket(api, ticket) } as const;
  const rest = notes.length === 0 ? "" : ` ${notes.join(" ")}`;
  if (guest === undefined) {
    const message = `${name} ended and no instance of that name is to be found; look for it on ${ticket.from} and ${ticket.to}.${rest}`;
    return new Kappa4Error("operation_failed", message, options);
  }
  if (mapInstanceStatus(guest) === "unknown") {
    const message = `${name} cannot be judged because member ${guest.location ?? "of the instance"} does not answer; look again when it is back.${rest}`;
    return new Kappa4Error("unavailable", message, options);
  }
  if (ticket.uid !== undefined && guest.config["volatile.uuid"] !== ticket.uid) {
    const message = `${name} ended and the name belongs to another instance now; look for the moved one by its volatile.uuid.${rest}`;
    return new Kappa4Error("operation_failed", message, options);
  }
  return undefined;
}

function copyNotes(all: readonly Instance[], ticket: MoveTicket): string[] {
  const copy = all.find(({ name }) => ticket.uid !== undefined && movedUidOf(name) === ticket.uid);
  if (copy === undefined) return [];
  return [
    `A half-made copy is left as ${copy.name} on ${copy.location ?? "some member"}; delete it once the instance is safe.`,
  ];
}
