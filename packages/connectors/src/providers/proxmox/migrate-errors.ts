import { Kappa4Error, OperationFailedError, type Outcome } from "../../contract/errors.ts";
import type { CallInfo } from "./api.ts";
import {
  guestContext,
  guestsOf,
  type ProxmoxContext,
  readResources,
  type SeenGuest,
  sidOf,
} from "./context.ts";
import { findRefusal } from "./errors.ts";
import { explainHaRefusal } from "./ha.ts";
import type { TaskSight, Upid } from "./tasks.ts";
import type { MigrateToken } from "./token.ts";

/** The ways in which a move that was accepted can fail, each as an error that says where the guest is. */
export interface MigrationErrors {
  failed(why: string, outcome: Outcome, log?: readonly string[]): Kappa4Error;
  taskFailed(
    sight: Extract<TaskSight, { kind: "ended" }>,
    task: Upid,
    guest: SeenGuest | undefined,
    isCancelled: boolean,
  ): Kappa4Error;
  /** The task can no longer be watched, and the guest is not on the target. */
  vanished(kind: "lost" | "forgotten", guest: SeenGuest | undefined): Kappa4Error;
  /** The guest is on a third node: HA brings it to one when its own is lost. */
  endedElsewhere(guest: SeenGuest): Kappa4Error;
}

/** Makes the errors of one move. */
export function migrationErrors(context: ProxmoxContext, token: MigrateToken): MigrationErrors {
  const { connection } = context;
  const { node, target } = token;
  const sid = sidOf(token);
  const errorContext = guestContext(context, "migrate", token);

  const failed: MigrationErrors["failed"] = (why, outcome, log = []) =>
    new OperationFailedError(`migrate of ${sid} to ${target} on "${connection}" failed: ${why}.`, {
      outcome,
      log,
      context: errorContext,
    });

  return {
    failed,
    taskFailed({ exit, log }, { text: upid }, guest, isCancelled) {
      const place = guest?.node ?? "no node";
      const isHome = guest?.node === node;
      const where = isHome ? `it is still on ${node}` : `it is seen on ${place}`;
      const why = isCancelled ? "it was cancelled" : describeEnd(exit, log);
      const advice = isCancelled
        ? ""
        : `; ${findRefusal(why)?.advice ?? `read the log of ${upid}`}`;
      return failed(`${why}; ${where}${advice}`, isHome ? "not_applied" : "unknown", log);
    },
    vanished(kind, guest) {
      const isHome = guest?.node === node && guest.row.lock === undefined;
      if (kind === "forgotten" && isHome && guest.row.status !== "unknown") {
        return failed(`its task is not known any more; it is still on ${node}`, "not_applied");
      }
      return new Kappa4Error(
        "unavailable",
        `migrate of ${sid} on "${connection}" cannot be followed because ${node} does not answer; look where the guest is when it is back.`,
        { outcome: "unknown", context: errorContext },
      );
    },
    endedElsewhere: (guest) =>
      failed(`HA or somebody else brought it to ${guest.node}; plan again`, "not_applied"),
  };
}

/** The end of a task says little; the first error in its log says why. */
function describeEnd(exit: string, log: readonly string[]): string {
  const line = log.find((text) => text.includes("ERROR: ") && !text.startsWith("TASK"));
  const cause = line?.replace(/^.*?ERROR: (migration aborted \(duration [\d:]+\): )?/, "");
  const known = cause === undefined || cause.includes(exit) ? "" : ` (${cause})`;
  return `its task ended with "${exit}"${known}`;
}

/** Makes the error for a move that the HA manager did not make, with the reason as far as it can be found. */
export async function haRefusal(
  context: ProxmoxContext,
  token: MigrateToken,
  info: CallInfo,
  log: readonly string[],
): Promise<Kappa4Error> {
  const sid = sidOf(token);
  const guests = guestsOf(await readResources(context, info));
  const placeOf = (other: string): string | undefined =>
    guests.find((guest) => sidOf(guest) === other)?.node;
  const why = await explainHaRefusal(context, sid, token.target, placeOf, info);
  const place = placeOf(sid) ?? token.node;
  const elsewhere = place === token.node ? "" : `, who put it on ${place}`;
  const said = log.findLast((line) => !line.startsWith("TASK"));
  return new Kappa4Error(
    "failed_precondition",
    `migrate of ${sid} to ${token.target} on "${context.connection}" was refused by the HA manager${elsewhere}: ${why}${said === undefined ? "" : ` (${said})`}.`,
    { context: guestContext(context, "migrate", token) },
  );
}
