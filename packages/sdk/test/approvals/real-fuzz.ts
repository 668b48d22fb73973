import { isDeepStrictEqual } from "node:util";
import type { ApprovalView, PlanView, RunAnswer } from "../../src/actions/answers.ts";
import type { Dice } from "../balancing/dice.ts";
import { sampleMove, samplePlan } from "../rebalance/samples.ts";
import { CLUSTERS, openRealTown, type RealTown, type TownCall } from "./real-town.ts";
import type { Inhabitant } from "./town.ts";
import { Watchman } from "./watchman.ts";

/** What people try. */
export const TRIES = [
  "request",
  "approve",
  "deny",
  "withdraw",
  "break_glass",
  "acknowledge",
] as const;
type Try = (typeof TRIES)[number];

/** What a fuzz through the pipeline saw. */
export interface RealFuzzReport {
  /** Calls that were made, and how many of them took effect or were refused, by what was tried. */
  calls: number;
  readonly tries: Readonly<Record<Try, { taken: number; refused: number }>>;
  readonly refusals: Map<string, number>;
  /** Calls that were answered from what was answered before. */
  replayed: number;
  /** Runs that began, by the class of their plan. */
  readonly began: Map<number, number>;
}

interface KnownPlan {
  readonly id: string;
  readonly hash: string;
  readonly risk: number;
  approval?: string | undefined;
  hasBegun?: boolean;
}

interface Attempt extends TownCall {
  readonly what: Try;
  readonly who: Inhabitant;
  /** Undefined for what makes its own plan. */
  readonly plan: number | undefined;
  readonly hash?: string | undefined;
  readonly ticket?: string | undefined;
  readonly reason: string;
}

const REASON = "the node is about to fail";
const LIVE_PLANS = 5;

/**
 * Lets the people of a town, wrong, unlinked, disabled, voting for themselves, late, repeating what they did and several
 * at once, call the actions of a Kappa4 with a store of its own. Every call that took effect and every run that began is
 * judged by a watchman who keeps his own books; `check` hears of each, with what is wrong with it.
 */
export async function fuzzReal(
  dice: Dice,
  steps: number,
  check: (complaint: string | undefined) => void,
): Promise<RealFuzzReport> {
  await using real = await openRealTown(dice);
  const fuzz = new RealFuzz(real, dice, check);
  while (fuzz.report.calls < steps) await fuzz.step();
  await fuzz.end();
  return fuzz.report;
}

class RealFuzz {
  readonly report: RealFuzzReport = {
    calls: 0,
    tries: Object.fromEntries(
      TRIES.map((what) => [what, { taken: 0, refused: 0 }]),
    ) as RealFuzzReport["tries"],
    refusals: new Map(),
    replayed: 0,
    began: new Map(),
  };
  readonly #real: RealTown;
  readonly #dice: Dice;
  readonly #check: (complaint: string | undefined) => void;
  readonly #watchman = new Watchman({ asksForLogin: false });
  readonly #plans: KnownPlan[] = [];
  readonly #past: Attempt[] = [];
  readonly #answers = new Map<string, unknown>();

  constructor(real: RealTown, dice: Dice, check: (complaint: string | undefined) => void) {
    this.#real = real;
    this.#dice = dice;
    this.#check = check;
  }

  async step(): Promise<void> {
    const dice = this.#dice;
    await this.#real.live(dice);
    await this.#lookWhatBegan();
    if (this.#plans.length < LIVE_PLANS || dice.chance(0.15)) await this.#adopt();
    if (this.#plans.length === 0) return;
    const isRepeated = this.#past.length > 0 && dice.chance(0.15);
    const attempt = isRepeated ? dice.pick(this.#past.slice(-40)) : await this.#invent();
    this.#past.push(attempt);
    const attempts = [attempt];
    // A double click, a client that did not hear the answer, or two people at the same moment.
    while (dice.chance(0.25) && attempts.length < 3) {
      const who = dice.pick(this.#people());
      attempts.push(dice.chance(0.6) ? attempt : { ...attempt, who, requestKey: undefined });
    }
    await this.#make(attempts);
    await this.#real.settle();
    await this.#lookWhatBegan();
  }

  /** Every run that the store has begun must have been seen to begin. */
  async end(): Promise<void> {
    const seen = new Set(this.#plans.filter(({ hasBegun }) => hasBegun).map(({ id }) => id));
    for (const { plan, startedAt } of await this.#real.runs()) {
      if (startedAt) this.#check(seen.has(plan) ? undefined : `${plan} ran and nobody saw why`);
    }
  }

  #people(): readonly Inhabitant[] {
    return this.#real.town.people.slice(0, this.#real.known + 1);
  }

  /** A plan of class 1, 2 or 3, by a person or by a schedule that they edited. */
  async #adopt(): Promise<void> {
    const dice = this.#dice;
    const who = dice.pick(this.#people());
    const moves = Array.from({ length: dice.pick([2, 5, 5, 12, 12]) }, (_, at) =>
      sampleMove(this.#plans.length * 100 + at, "n1", "n2"),
    );
    const connection = dice.pick(CLUSTERS);
    const plan = { ...samplePlan(moves), cluster: connection };
    const input = { connection, plan };
    const isSchedule = dice.chance(0.2);
    const request = { action: "rebalance.adopt", input, isSchedule };
    const made = await this.#real.call(who, request).then(
      (value) => value as PlanView,
      () => undefined,
    );
    if (made !== undefined) this.#open(made, who);
  }

  #open({ id, hash, risk }: PlanView, { name: editor }: Inhabitant): number {
    const made = this.#real.town.now;
    const index = this.#plans.push({ id, hash, risk }) - 1;
    this.#watchman.newPlan(index, { hash, risk, made, editor });
    return index;
  }

  async #invent(): Promise<Attempt> {
    const dice = this.#dice;
    const who = dice.pick(this.#people());
    const requestKey = dice.chance(0.4) ? `key-${this.report.calls}` : undefined;
    const isSchedule = dice.chance(0.08);
    const common = { who, requestKey, isSchedule, reason: REASON };
    if (dice.chance(0.05)) return { ...common, ...(await this.#toGovern()) };
    const recent = this.#plans.map((_, index) => index).slice(-8);
    const asked = recent.filter((index) => this.#plans[index]?.approval !== undefined);
    const plan = dice.pick(asked.length > 0 && dice.chance(0.7) ? asked : recent);
    const known = this.#plans[plan] as KnownPlan;
    const what = this.#whatFor(known);
    const other = dice.pick(this.#plans).hash;
    const shown = dice.chance(0.9) ? known.hash : other;
    const hash = what === "break_glass" ? shown.slice(0, dice.pick([7, 8, 64])) : shown;
    const ticket = "INC-7";
    const approval = known.approval ?? "A-0000";
    const inputs: Readonly<Record<Try, readonly [string, object]>> = {
      request: ["rebalance.apply", { plan: known.id, reason: REASON }],
      approve: ["approvals.approve", { approval, hash }],
      deny: ["approvals.deny", { approval, reason: REASON }],
      withdraw: ["approvals.withdraw", { approval }],
      break_glass: ["approvals.breakGlass", { approval, reason: REASON, ticket, hash }],
      acknowledge: ["approvals.acknowledge", { approval }],
    };
    const [action, input] = inputs[what];
    return { ...common, what, plan, hash, ticket, action, input };
  }

  #whatFor({ approval }: KnownPlan): Try {
    const dice = this.#dice;
    if (dice.chance(0.1)) return dice.pick(TRIES);
    if (approval === undefined) return "request";
    return dice.pick([
      ...(["approve", "approve", "approve", "approve", "approve", "approve"] as const),
      ...(["deny", "withdraw", "break_glass", "acknowledge", "request"] as const),
    ]);
  }

  /** What is of the highest class makes its plan and asks for it in one. */
  async #toGovern(): Promise<Pick<Attempt, "what" | "plan" | "action" | "input">> {
    const user = await this.#real.newcomer();
    const input = { user, role: "viewer", reason: REASON };
    return { what: "request", plan: undefined, action: "grants.give", input };
  }

  async #make(attempts: readonly Attempt[]): Promise<void> {
    const results = await Promise.allSettled(
      attempts.map((attempt) => this.#real.call(attempt.who, attempt)),
    );
    this.report.calls += attempts.length;
    const done = attempts.flatMap((attempt, at) => {
      const result = results[at];
      if (result?.status === "fulfilled") return [{ attempt, value: result.value }];
      const code = String(Object(result?.reason).code);
      this.report.refusals.set(code, (this.report.refusals.get(code) ?? 0) + 1);
      this.report.tries[attempt.what].refused += 1;
      return [];
    });
    // Of several yeses at once, the last one is the one that let it start.
    done.sort((one, other) => Number(hasStarted(one.value)) - Number(hasStarted(other.value)));
    for (const { attempt, value } of done) this.#judge(attempt, value);
  }

  #judge(attempt: Attempt, value: unknown): void {
    const { what, who, hash, reason, ticket, isSchedule, requestKey, action } = attempt;
    const key = requestKey && `${who.name} ${isSchedule} ${action} ${requestKey}`;
    if (key !== undefined && this.#answers.has(key)) {
      this.report.replayed += 1;
      const isSame = isDeepStrictEqual(asTold(value), this.#answers.get(key));
      this.#check(isSame ? undefined : `${key} was answered with something else`);
      return;
    }
    if (key !== undefined) this.#answers.set(key, asTold(value));
    this.report.tries[what].taken += 1;
    const plan = attempt.plan ?? this.#open((value as RunAnswer).plan, who);
    this.#noteApproval(plan, value);
    const isVote = what !== "request" && what !== "withdraw";
    if (isSchedule && isVote) this.#check(`${what} by a schedule`);
    const tried = { what, who, hash, reason, ticket };
    const complaint = this.#watchman.complain(plan, tried, stateOf(value), this.#real.town);
    this.#check(complaint && `${what} by ${who.name}: ${complaint}`);
  }

  #noteApproval(plan: number, value: unknown): void {
    const { approval } = value as { readonly approval?: ApprovalView };
    const known = this.#plans[plan];
    if (known !== undefined && approval !== undefined) known.approval = approval.id;
  }

  async #lookWhatBegan(): Promise<void> {
    const { town } = this.#real;
    const open = new Map(
      this.#plans.flatMap((plan, index) => (plan.hasBegun ? [] : [[plan.id, index] as const])),
    );
    for (const { plan, startedAt } of await this.#real.runs()) {
      const index = open.get(plan);
      const known = index === undefined ? undefined : this.#plans[index];
      if (index === undefined || known === undefined || !startedAt) continue;
      known.hasBegun = true;
      this.report.began.set(known.risk, (this.report.began.get(known.risk) ?? 0) + 1);
      const then = { ...town, now: startedAt.getTime() };
      const complaint = this.#watchman.complain(
        index,
        { what: "start", lease: true },
        "executing",
        then,
      );
      this.#check(complaint && `run of ${plan}: ${complaint}`);
    }
  }
}

/** An answer as it goes over a line: a field that is undefined is none. */
function asTold(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function hasStarted(value: unknown): boolean {
  return Object(value).state === "started";
}

/** What an answer says of the approval. */
function stateOf(value: unknown): string {
  const { state, approval } = value as { readonly state: string; readonly approval?: ApprovalView };
  if (state === "started") return "approved";
  return state === "waiting" ? "pending" : (approval?.state ?? state);
}
