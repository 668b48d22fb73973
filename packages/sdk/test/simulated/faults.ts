import type { Fault, ProxmoxSimulator } from "@kappa4/simulator";
import type { RebalancePlan } from "../../src/balancing/index.ts";
import type { ApplyResult } from "../../src/index.ts";

/** One way in which things go wrong between a plan and its end. */
export interface Trouble {
  readonly name: string;
  /** What is made to go wrong after the plan was made; the seed chooses where it strikes. */
  faults?(plan: RebalancePlan, seed: number): readonly Fault[];
  /** What is changed in the cluster itself after the plan was made. */
  change?(simulator: ProxmoxSimulator, plan: RebalancePlan, seed: number): void;
  /** Log in with a password, because the trouble is with tickets. */
  readonly password?: boolean | undefined;
  readonly secondEntry?: boolean | undefined;
  /** Limit of one request in real time, where answers do not come. */
  readonly timeoutMs?: number | undefined;
  /** Moves at the same time. Default: as planned. */
  readonly maxParallel?: number | undefined;
  /** Whether a guest may end up where nobody can see it. */
  readonly mayStayUnknown?: boolean | undefined;
  /** Whether the run must nevertheless end well. */
  readonly mustSucceed?: boolean | undefined;
  /** Error codes of which one must show in every run that did not succeed; at least one run must not. */
  readonly codes?: readonly string[] | undefined;
}

/** Strikes one of the requests to migrate. */
function migration(plan: RebalancePlan, seed: number) {
  return { method: "POST", path: /\/migrate$/, nth: 1 + (seed % plan.moves.length) };
}

/** Strikes the work on one of the guests that move. */
function guest(plan: RebalancePlan, seed: number): number {
  return Number(plan.moves[seed % plan.moves.length]?.guest);
}

function phase(seed: number) {
  return (["prepare", "memory", "switch"] as const)[seed % 3];
}

const READ = { method: "GET" };
const TASK_STATUS = { method: "GET", path: /\/tasks\/[^/]+\/status$/ };
const NO_SPACE = "storage migration failed: no space left on device";

/** The troubles of the fault suite. */
export const troubles: readonly Trouble[] = [
  {
    name: "the connection is cut after a migration was accepted",
    mustSucceed: true,
    faults: (plan, seed) => [{ kind: "cut-after-accept", on: migration(plan, seed) }],
  },
  {
    name: "the connection is cut before a migration arrives",
    codes: ["network"],
    faults: (plan, seed) => [{ kind: "cut-before", on: migration(plan, seed) }],
  },
  {
    name: "the answer to a migration is garbage",
    mustSucceed: true,
    faults: (plan, seed) => [{ kind: "garbage", on: migration(plan, seed) }],
  },
  {
    name: "the answer to a migration never comes",
    mustSucceed: true,
    timeoutMs: 250,
    faults: (plan, seed) => [{ kind: "stall", on: migration(plan, seed) }],
  },
  {
    name: "the ticket runs out at any step",
    password: true,
    mustSucceed: true,
    faults: (_plan, seed) => [
      { kind: "ticket-expired", text: seed % 2 === 0 ? "old" : "new", on: { nth: 1 + 2 * seed } },
    ],
  },
  {
    name: "the ticket runs out with a migration",
    password: true,
    mustSucceed: true,
    faults: (plan, seed) => [{ kind: "ticket-expired", on: migration(plan, seed) }],
  },
  {
    name: "reads are answered with 429, 500, 502, 503 and 595 now and then",
    secondEntry: true,
    mustSucceed: true,
    faults: () =>
      [429, 500, 502, 503, 595].map((status) => {
        return { kind: "status", status, on: READ, chance: 0.05, times: 4 };
      }),
  },
  {
    name: "a migration is answered with 429, 500 or 503",
    codes: ["rate_limited", "unavailable", "operation_failed"],
    faults: (plan, seed) => [
      { kind: "status", status: [429, 500, 503][seed % 3] ?? 503, on: migration(plan, seed) },
    ],
  },
  {
    name: "connections are cut in the middle of following tasks",
    secondEntry: true,
    faults: () => [{ kind: "cut-before", on: TASK_STATUS, chance: 0.2, times: 6 }],
  },
  {
    name: "what is asked about a task is answered with garbage",
    mustSucceed: true,
    maxParallel: 1,
    faults: () => [{ kind: "garbage", on: TASK_STATUS, times: 3 }],
  },
  {
    name: "a task fails half-way",
    codes: ["operation_failed"],
    faults: (plan, seed) => [
      { kind: "task-fails", on: { guest: guest(plan, seed) }, phase: phase(seed) },
    ],
  },
  {
    name: "a guest is locked by a backup after the plan was made",
    codes: ["conflict"],
    change: (simulator, plan, seed) => simulator.lockGuest(guest(plan, seed), "backup"),
  },
  {
    name: "the storage of the target is full",
    codes: ["operation_failed", "capacity"],
    faults: (plan, seed) => [
      { kind: "task-fails", on: { guest: guest(plan, seed) }, phase: "prepare", text: NO_SPACE },
    ],
  },
  {
    name: "the target goes down in mid-move",
    mayStayUnknown: true,
    faults: (plan, seed) => [
      { kind: "node-lost", node: "target", on: { guest: guest(plan, seed) }, phase: phase(seed) },
    ],
  },
  {
    name: "the source goes down in mid-move",
    mayStayUnknown: true,
    faults: (plan, seed) => [
      { kind: "node-lost", node: "source", on: { guest: guest(plan, seed) }, phase: phase(seed) },
    ],
  },
  {
    name: "the HA manager refuses",
    faults: () => [{ kind: "ha-refuses", times: 3 }],
  },
  {
    name: "the cluster loses its quorum",
    codes: ["unavailable"],
    change: (simulator) => simulator.setQuorum(false),
  },
];

/** What must hold after any run, whatever went wrong; returns the sentences of what does not. */
export function findFaults(
  simulator: ProxmoxSimulator,
  plan: RebalancePlan,
  result: ApplyResult,
  guestsBefore: ReadonlySet<number>,
  trouble: Trouble,
): readonly string[] {
  const faults: string[] = [];
  const say = (isRight: boolean, sentence: string): void => {
    if (!isRight) faults.push(sentence);
  };
  const placements = simulator.placements();
  say(placements.size === guestsBefore.size, "the number of guests has changed");
  for (const id of guestsBefore) say(placements.has(id), `guest ${id} is gone`);
  say(result.moves.length === plan.moves.length, "a move has no account");

  for (const { move, state, error } of result.moves) {
    const id = Number(move.guest);
    const planned = plan.moves.filter(({ guest }) => guest === move.guest).length;
    const begun = simulator.moves.filter(({ guest, to }) => guest === id && to === move.to).length;
    say(begun <= planned, `guest ${id} was moved ${begun} times for ${planned} planned`);
    const place = placements.get(id);
    const isLast = plan.moves.findLast(({ guest }) => guest === move.guest) === move;
    if (state === "done" && isLast) say(place === move.to, `guest ${id} is done but on ${place}`);
    if (state === "failed" && error?.outcome === "not_applied") {
      say(place !== move.to, `guest ${id} has failed but is on its target`);
    }
    if (state === "skipped") say(begun === 0, `guest ${id} was skipped but moved`);
    if (state === "unknown") say(trouble.mayStayUnknown === true, `guest ${id} stays unknown`);
    say(state !== "waiting" && state !== "running", `guest ${id} is left ${state}`);
    if (state !== "done") say(error !== undefined, `guest ${id} is ${state} without a reason`);
    if (error !== undefined) {
      say(/[;:] [a-z].{8,}/.test(error.message), `no next step: ${error.message}`);
      say(!/111111|simulated-password|PVE:/.test(error.message), `a secret in: ${error.message}`);
      say(error.code !== "internal", `a fault of ours: ${error.message}`);
    }
  }
  if (trouble.mustSucceed) say(result.outcome === "succeeded", `outcome ${result.outcome}`);
  if (trouble.codes !== undefined && result.outcome !== "succeeded") {
    const seen = result.moves.flatMap(({ error }) => error?.code ?? []);
    say(
      seen.some((code) => trouble.codes?.includes(code)),
      `codes ${seen.join(", ")}`,
    );
  }
  return faults;
}
