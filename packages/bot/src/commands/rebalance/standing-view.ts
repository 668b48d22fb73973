import type { RebalanceRun, RebalanceStatus } from "@kappa4/sdk";
import { capital, clockTime, count, duration } from "../../view/format.ts";
import type { Block, View } from "../../view/model.ts";

/** What people call somebody, by their id. */
export type NameOf = (id: string) => string;

const byId: NameOf = (id) => id;

/** Shows how the levelling of each cluster stands. */
export function standingView(statuses: readonly RebalanceStatus[], nameOf: NameOf = byId): View {
  return { blocks: statuses.flatMap((status) => standingBlocks(status, nameOf)) };
}

function standingBlocks(status: RebalanceStatus, nameOf: NameOf): readonly Block[] {
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
            text: `Nothing new may start since ${instant(frozen.since)}, by ${nameOf(frozen.by)}: ${frozen.reason}.`,
          },
        ];
  return [
    { kind: "title", text: connection },
    ...frost,
    { kind: "facts", facts },
    ...orphan(status),
  ];
}

/** Of a run that is under way and that no process works on. */
function orphan({ run, worker }: RebalanceStatus): readonly Block[] {
  if (run?.state !== "running" || worker !== undefined) return [];
  const text = `No process works on ${run.shortId} now: the one that did is gone. What it had begun goes on at the cluster; the next process that works, \`kappa4 start\` or \`kappa4 rebalance apply\`, follows that to its end and then does the rest.`;
  return [{ kind: "text", tone: "warning", text }];
}

/** Shows the rebalances that are over, the newest first. */
export function pastRunsView(runs: readonly RebalanceRun[], nameOf: NameOf = byId): View {
  if (runs.length === 0) return { blocks: [{ kind: "text", text: "No rebalance is over yet." }] };
  const rows = runs.map((run) => {
    const { shortId, connection, endedAt, requestedBy, durationMs, interruptions } = run;
    const whole = durationMs === undefined ? "" : duration(durationMs / 1000);
    const took = interruptions > 0 && whole !== "" ? `${whole} *` : whole;
    const ended = endedAt === undefined ? "" : instant(endedAt);
    return [shortId, connection, outcome(run), movesDone(run), ended, took, nameOf(requestedBy)];
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
      ...(runs.some(({ interruptions }) => interruptions > 0) ? [interrupted] : []),
    ],
  };
}

const interrupted: Block = {
  kind: "note",
  text: "* From its start to its end, with the time in which no process worked on it: the one that did was gone.",
};

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
