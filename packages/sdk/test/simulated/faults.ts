import type { Fault, ProxmoxSimulator } from "@kappa4/simulator";
import type { Move, RebalancePlan } from "../../src/balancing/index.ts";
import type { ApplyResult, MoveStatus } from "../../src/index.ts";

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
  /** Shares of the guests with disks of their node alone, and under HA. */
  readonly localDisks?: number | undefined;
  readonly ha?: number | undefined;
  /** Limit of one request in real time, where answers do not come. */
  readonly timeoutMs?: number | undefined;
  /** Moves at the same time. Default: as planned. */
  readonly maxParallel?: number | undefined;
  /** Whether a guest may end up where nobody can see it. */
  readonly mayStayUnknown?: boolean | undefined;
  /** Whether the run must nevertheless end well. */
  readonly mustSucceed?: boolean | undefined;
  /** No run may succeed then, and one of these codes must show in each. */
  readonly codes?: readonly string[] | undefined;
  /** What a message of such a run must say. */
  readonly words?: RegExp | undefined;
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
    timeoutMs: 1000,
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
    localDisks: 1,
    codes: ["operation_failed"],
    words: /no space left on device/,
    change: (simulator, plan, seed) => {
      const { to } = plan.moves[seed % plan.moves.length] as Move;
      simulator.fillStorage("local-lvm", to, 2 ** 30);
    },
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
    ha: 1,
    codes: ["failed_precondition"],
    faults: () => [{ kind: "ha-refuses", times: 3 }],
  },
  {
    name: "the cluster loses its quorum",
    codes: ["unavailable"],
    change: (simulator) => simulator.setQuorum(false),
  },
];

/** A run that has ended, and the cluster it was made in. */
export interface EndedRun {
  readonly simulator: ProxmoxSimulator;
  readonly result: ApplyResult;
  readonly guestsBefore: ReadonlySet<number>;
  readonly underHa: ReadonlySet<number>;
  readonly trouble: Trouble;
}

type Say = (isRight: boolean, sentence: string) => void;

/** What must hold after any run, at its end and later, whatever went wrong; returns the sentences of what does not. */
export function findFaults(run: EndedRun): readonly string[] {
  const { simulator, result, guestsBefore, trouble } = run;
  const faults: string[] = [];
  const say: Say = (isRight, sentence) => {
    if (!isRight) faults.push(sentence);
  };
  const { moves, plan } = result;
  const placements = simulator.placements();
  say(placements.size === guestsBefore.size, "the number of guests has changed");
  for (const id of guestsBefore) say(placements.has(id), `guest ${id} is gone`);
  say(moves.length === plan.moves.length, "a move has no account");
  for (const status of moves) {
    checkPlace(run, status, say);
    checkAccount(trouble, status, say);
  }
  if (trouble.mustSucceed) say(result.outcome === "succeeded", `outcome ${result.outcome}`);
  if (trouble.codes !== undefined) {
    const seen = moves.flatMap(({ error }) => error?.code ?? []);
    const has = seen.some((code) => trouble.codes?.includes(code));
    say(result.outcome !== "succeeded" && has, `${result.outcome}, codes ${seen.join(", ")}`);
  }
  if (trouble.words !== undefined) {
    const said = moves.some(({ error }) => trouble.words?.test(error?.message ?? ""));
    say(said, `nobody says ${trouble.words}`);
  }
  return faults;
}

/** Whether the guest is where its account says, and was moved no more often than planned. */
function checkPlace(run: EndedRun, status: MoveStatus, say: Say): void {
  const { simulator, result, underHa, trouble } = run;
  const { move, state, error } = status;
  const { moves } = result.plan;
  const id = Number(move.guest);
  const planned = moves.filter(({ guest }) => guest === move.guest).length;
  const begun = simulator.moves.filter(({ guest, to }) => guest === id && to === move.to).length;
  say(begun <= planned, `guest ${id} was moved ${begun} times for ${planned} planned`);
  if (state === "skipped") say(begun === 0, `guest ${id} was skipped but moved`);
  // The HA manager recovers its guests from a lost node to wherever it likes.
  if (trouble.mayStayUnknown && underHa.has(id)) return;
  const place = simulator.placements().get(id);
  const isLast = moves.findLast(({ guest }) => guest === move.guest) === move;
  if (state === "done" && isLast) say(place === move.to, `guest ${id} is done but on ${place}`);
  if (state === "failed" && error?.outcome === "not_applied") {
    say(place !== move.to, `guest ${id} has failed but is on its target`);
  }
}

/** Whether every move is accounted for, with a reason and a next step where it did not go well. */
function checkAccount(trouble: Trouble, { move, state, error }: MoveStatus, say: Say): void {
  if (state === "unknown") say(trouble.mayStayUnknown === true, `${move.guest} stays unknown`);
  say(state !== "waiting" && state !== "running", `${move.guest} is left ${state}`);
  if (state !== "done") say(error !== undefined, `${move.guest} is ${state} without a reason`);
  if (error === undefined) return;
  say(/[;:] [a-z].{8,}/.test(error.message), `no next step: ${error.message}`);
  say(!/111111|simulated-password|PVE:/.test(error.message), `a secret in: ${error.message}`);
  say(error.code !== "internal", `a fault of ours: ${error.message}`);
}
