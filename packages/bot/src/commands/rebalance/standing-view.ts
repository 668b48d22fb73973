import type { RebalanceRun, RebalanceStatus } from "@kappa4/sdk";
import { capital, clockTime, count, duration } from "../../view/format.ts";
import type { Block, View } from "../../view/model.ts";

/** Shows how the levelling of each cluster stands. */
export function standingView(statuses: readonly RebalanceStatus[]): View {
  return { blocks: statuses.flatMap(standingBlocks) };
}

function standingBlocks(status: RebalanceStatus): readonly Block[] {
  const { connection, plan, run, last, frozen, deadline } = status;
  const facts = [
    { name: "Under way", value: run === undefined ? "nothing" : runWords(run) },
    { name: "Last", value: last === undefined ? "none yet" : runWords(last) },
    { name: "Last plan", value: plan === undefined ? "none yet" : planWords(plan) },
  ];
  if (deadline !== undefined) {
    facts.push({ name: "Ends next", value: `${deadline.of} at ${instant(deadline.at)}` });
  }
  const frost: readonly Block[] =
    frozen === undefined
      ? []
      : [
          {
            kind: "text",
            tone: "warning",
            text: `Nothing new may start since ${instant(frozen.since)}, by ${frozen.by}: ${frozen.reason}.`,
          },
        ];
  return [{ kind: "title", text: connection }, ...frost, { kind: "facts", facts }];
}

/** Shows the rebalances that are over, the newest first. */
export function pastRunsView(runs: readonly RebalanceRun[]): View {
  if (runs.length === 0) return { blocks: [{ kind: "text", text: "No rebalance is over yet." }] };
  const rows = runs.map((run) => {
    const { shortId, connection, endedAt, requestedBy, durationMs } = run;
    const took = durationMs === undefined ? "" : duration(durationMs / 1000);
    const ended = endedAt === undefined ? "" : instant(endedAt);
    return [shortId, connection, outcome(run), movesDone(run), ended, took, requestedBy];
  });
  return {
    blocks: [
      {
        kind: "table",
        caption: "Rebalances that are over, the newest first",
        columns: [
          ...["Run", "Connection", "Outcome"].map((header) => ({ header })),
          { header: "Moves", align: "right" },
          { header: "Ended" },
          { header: "Took", align: "right" },
          { header: "For" },
        ],
        rows,
        rowHeader: 0,
      },
    ],
  };
}

function planWords({ shortId, state, moves, approval }: NonNullable<RebalanceStatus["plan"]>) {
  const asked = approval === undefined ? "" : `, ${approval.shortId} ${words(approval.state)}`;
  return `${shortId}, ${count(moves, "move", "moves")}, ${words(state)}${asked}`;
}

function runWords(run: RebalanceRun): string {
  const { shortId, endedAt, error } = run;
  const when = endedAt === undefined ? "" : `, ended ${instant(endedAt)}`;
  const why = error === undefined ? "" : `. ${error.message}`;
  const moves = run.moves.total === 0 ? "" : `, ${movesDone(run)} moves`;
  return `${shortId}, ${outcome(run).toLowerCase()}${moves}${when}${why}`;
}

function movesDone({ moves }: RebalanceRun): string {
  return `${moves.done} of ${moves.total}`;
}

function outcome({ state }: RebalanceRun): string {
  return capital(words(state));
}

function words(state: string): string {
  return state.replaceAll("_", " ");
}

function instant(time: Date): string {
  return `${time.toISOString().slice(0, 10)} ${clockTime(time)}`;
}
