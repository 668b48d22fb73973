import type { GuestId } from "@kappa4/connectors";
import { z } from "zod";
import { defineAction, type ReadAction } from "../actions/define.ts";
import { type ConnectionInput, connectionField, guestField } from "../actions/inputs.ts";
import { onReachable } from "../actions/scopes.ts";
import type { ApplyOutcome } from "../rebalance/actions/index.ts";
import type { MoveState } from "../rebalance/events.ts";
import type { StoredRun } from "../store/index.ts";

/** Which moves; what is left out does not narrow. */
export interface ListMigrationsInput extends ConnectionInput {
  /** A guest by the id or the name that it had. */
  readonly guest?: GuestId | undefined;
  /** At most so many, 500 at the most. Default 100. */
  readonly limit?: number | undefined;
}

/** A move that a run has tried. */
export interface Migration {
  readonly guest: GuestId;
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly state: Extract<MoveState, "done" | "failed" | "unknown">;
  /** Why it did not succeed. */
  readonly error: string | undefined;
  readonly startedAt: Date | undefined;
  readonly endedAt: Date | undefined;
  /** What people call the run, for example `R-11CD`. */
  readonly run: string;
  readonly connection: string;
  readonly cluster: string;
  /** Who asked for it: the id of a person, or the name of another actor. */
  readonly requestedBy: string;
}

/** So many runs back are looked through. */
const RUNS = 500;

/** `migrations.list` */
export const list: ReadAction<ListMigrationsInput, readonly Migration[]> = defineAction<
  ListMigrationsInput,
  readonly Migration[]
>({
  name: "migrations.list",
  description: "Lists the moves that runs have made or tried, the newest first.",
  kind: "read",
  risk: 0,
  permission: "guests.read",
  input: z.strictObject({
    connection: connectionField.describe("Only those of this connection. Default: of all."),
    guest: guestField.optional().describe("Only those of this guest, by id or name."),
    limit: z
      .int()
      .min(1)
      .max(500)
      .optional()
      .describe("At most so many, 500 at the most. Default 100."),
  }),
  ...onReachable,
  async run({ inOrg, reached }, { guest, limit = 100 }) {
    const runs = await inOrg(async (tx) =>
      tx.runs.list({ connections: await reached(tx), action: "rebalance.apply", limit: RUNS }),
    );
    return runs
      .flatMap(movesOf)
      .filter((move) => guest === undefined || move.guest === guest || move.name === guest)
      .slice(0, limit);
  },
});

/** Newest first, as the runs are. */
function movesOf(run: StoredRun): readonly Migration[] {
  const { moves = [] } = (run.result ?? {}) as Partial<ApplyOutcome>;
  const { shortId, connection, cluster, requestedBy } = run;
  const made = moves.flatMap(({ move, state, error, startedAt, endedAt }): readonly Migration[] => {
    if (state !== "done" && state !== "failed" && state !== "unknown") return [];
    const { guest, name, from, to } = move;
    const facts = { guest, name, from, to, state, error: error?.message, startedAt, endedAt };
    return [{ ...facts, run: shortId, connection, cluster, requestedBy }];
  });
  return made.toSorted((one, other) => timeOf(other) - timeOf(one));
}

function timeOf({ endedAt, startedAt }: Migration): number {
  return (endedAt ?? startedAt)?.getTime() ?? 0;
}
