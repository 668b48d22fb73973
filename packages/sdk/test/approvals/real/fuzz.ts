import { isDeepStrictEqual } from "node:util";
import type { PlanView, RunAnswer } from "../../../src/actions/answers.ts";
import type { Dice } from "../../balancing/dice.ts";
import { sampleMove, samplePlan } from "../../rebalance/samples.ts";
import type { Inhabitant } from "../town.ts";
import { rank } from "../watchman-page.ts";
import { type ClassRange, classNow } from "./class-judge.ts";
import { runOut, takeRole, workByHand } from "./happenings.ts";
import { type Attempt, invent } from "./inventor.ts";
import { isOpen, judged, type KnownPlan } from "./known-plan.ts";
import { NODES, newcomers } from "./living-cluster.ts";
import { Observer } from "./observer.ts";
import { type Check, countOne, emptyReport, type RealFuzzReport } from "./report.ts";
import { asTold, hasStarted, toldIn } from "./told.ts";
import { openRealTown, type RealTown } from "./town.ts";
import { flawsOf } from "./trials.ts";

/** Options of {@link fuzzReal}. */
export interface FuzzRealOptions {
  /** Asked after each step. Default: goes on to the end. */
  isEnough?(): boolean;
  /** The address of a superuser: the town has a database of its own there. Default: where all tests have their stores. */
  readonly server?: string | undefined;
}

const REASON = "the node is about to fail";
const LIVE_PLANS = 8;
/** For so long the same key gives the same answer. */
const KEPT_MS = 24 * 60 * 60 * 1000;

/**
 * Lets the people of a town, wrong, unlinked, disabled, voting for themselves, late, repeating what they did and several
 * at once, call the actions of a Kappa4 with a store and clusters of its own. Every call that took effect, whatever the
 * store says became of a plan, and every move that a cluster was asked for is judged by books that nobody else keeps;
 * `check` hears of each.
 */
export async function fuzzReal(
  dice: Dice,
  calls: number,
  check: Check,
  { isEnough = () => false, server }: FuzzRealOptions = {},
): Promise<RealFuzzReport> {
  await using real = await openRealTown(dice, server);
  const fuzz = new RealFuzz(real, dice, check);
  while (fuzz.report.calls < calls && !isEnough()) await fuzz.step();
  await fuzz.end();
  return fuzz.report;
}

class RealFuzz {
  readonly report: RealFuzzReport = emptyReport();
  readonly #real: RealTown;
  readonly #dice: Dice;
  readonly #check: Check;
  readonly #observer: Observer;
  readonly #past: Attempt[] = [];
  readonly #answers = new Map<string, { readonly at: number; readonly told: unknown }>();

  constructor(real: RealTown, dice: Dice, check: Check) {
    this.#real = real;
    this.#dice = dice;
    this.#check = check;
    this.#observer = new Observer(real, check, this.report);
  }

  async step(): Promise<void> {
    const dice = this.#dice;
    const plans = this.#observer.plans;
    workByHand(dice, this.#real.clusters, this.#observer);
    const giveBack = takeRole(dice, this.#people(), plans);
    runOut(dice, this.#real.town, plans);
    await this.#real.live(dice);
    await this.#observer.look();
    giveBack();
    if (dice.chance(0.05)) {
      await this.#real.attend();
      await this.#observer.look();
    }
    const open = plans.filter((plan) => isOpen(plan, this.#real.town)).length;
    if (open < LIVE_PLANS || dice.chance(0.1)) await this.#adopt();
    if (plans.length === 0) return;
    const isRepeated = this.#past.length > 0 && dice.chance(0.15);
    const attempt = isRepeated ? dice.pick(this.#past.slice(-40)) : await this.#invent();
    const attempts = [attempt];
    // A double click, a client that did not hear the answer, or two people at the same moment.
    while (dice.chance(0.25) && attempts.length < 3) {
      const who = dice.pick(this.#people());
      attempts.push(dice.chance(0.6) ? attempt : { ...attempt, who, requestKey: undefined });
    }
    await this.#make(attempts);
    await this.#real.settle();
    await this.#observer.look();
  }

  /** What the store has begun, somebody must have seen to begin. */
  async end(): Promise<void> {
    await this.#observer.lookAtAll();
  }

  #people(): readonly Inhabitant[] {
    return this.#real.town.people.slice(0, this.#real.known + 1);
  }

  /** A plan of some moves on some cluster, by a person or by a schedule that they edited. */
  async #adopt(): Promise<void> {
    const dice = this.#dice;
    const who = dice.pick(this.#people());
    const waiting = this.#observer.plans.slice(-LIVE_PLANS).flatMap((plan) => plan.cluster ?? []);
    // Newer plans for what others wait for, more often than not.
    const clusters = waiting.length > 0 && dice.chance(0.6) ? waiting : this.#real.clusters;
    const cluster = dice.pick(clusters);
    const from = dice.pick(NODES);
    const guests = newcomers(cluster, dice, from, dice.pick([1, 2, 2, 3, 4, 6, 11]));
    const to = dice.pick(NODES.filter((node) => node !== from));
    const moves = guests.map((guest) => sampleMove(guest, from, to));
    const plan = { ...samplePlan(moves), cluster: cluster.name };
    const input = { connection: cluster.name, plan };
    const request = { action: "rebalance.adopt", input, isSchedule: dice.chance(0.15) };
    const range = this.#rangeOf({ cluster, moves }, false);
    const made = await this.#real.call(who, request).then(
      (value) => value as PlanView,
      () => undefined,
    );
    if (made === undefined) {
      cluster.forget(guests);
      return;
    }
    this.#check(rank(who) < 1 ? `a plan by ${who.name}, who is a ${who.role}` : undefined);
    const known = this.#observer.open(made, who, { cluster, moves, range });
    known.isTouched = cluster.isMarked(to);
  }

  #rangeOf(plan: Pick<KnownPlan, "cluster" | "moves">, isAskedFor: boolean): ClassRange {
    const { cluster, moves } = plan;
    if (cluster === undefined) return { least: 4, most: 4 };
    const others = this.#observer.plans.filter((other) => other !== plan);
    const now = this.#real.town.now;
    return classNow(
      { cluster, moves },
      others.flatMap((other) => judged(other) ?? []),
      now,
      isAskedFor,
    );
  }

  async #invent(): Promise<Attempt> {
    const dice = this.#dice;
    const { town } = this.#real;
    const requestKey = dice.chance(0.4) ? `key-${this.report.calls}` : undefined;
    const isSchedule = dice.chance(0.08);
    const { plans, breaks } = this.#observer;
    const known = { town, people: this.#people(), plans, breaks };
    const found = invent({ dice, ...known, tries: this.report.tries });
    if (!dice.chance(0.06)) return { ...found, requestKey, isSchedule };
    const governing = { ...(await this.#toGovern()), what: "request", plan: undefined } as const;
    return { ...found, ...governing, requestKey, isSchedule, reason: REASON };
  }

  /** What is of the highest class makes its plan and asks for it in one. */
  async #toGovern(): Promise<Pick<Attempt, "action" | "input">> {
    if (this.#real.town.frozen && this.#dice.chance(0.7)) {
      return { action: "service.start", input: { reason: REASON } };
    }
    const user = await this.#real.newcomer();
    return { action: "grants.give", input: { user, role: "viewer", reason: REASON } };
  }

  async #make(attempts: readonly Attempt[]): Promise<void> {
    const { town } = this.#real;
    const { breaks } = this.#observer;
    for (const attempt of attempts) {
      const { what, plan, who } = attempt;
      const count = this.report.tries[what];
      if (this.#past.includes(attempt)) count.again += 1;
      this.#past.push(attempt);
      const [flaw, ...more] = plan === undefined ? [] : flawsOf(what, plan, who, { town, breaks });
      if (flaw !== undefined && more.length === 0) count.flaws[flaw] += 1;
    }
    const [first] = attempts;
    const range = first?.plan === undefined ? undefined : this.#rangeOf(first.plan, true);
    const results = await Promise.allSettled(
      attempts.map((attempt) => this.#real.call(attempt.who, attempt)),
    );
    this.report.calls += attempts.length;
    const done = attempts.flatMap((attempt, at) => {
      const result = results[at];
      if (result?.status === "fulfilled") return [{ attempt, value: result.value }];
      countOne(this.report.refusals, String(Object(result?.reason).code));
      this.report.tries[attempt.what].refused += 1;
      return [];
    });
    // Of several yeses at once, the last one is the one that let it start.
    done.sort((one, other) => Number(hasStarted(one.value)) - Number(hasStarted(other.value)));
    for (const { attempt, value } of done) this.#judge(attempt, value, range);
  }

  #judge(attempt: Attempt, value: unknown, range: ClassRange | undefined): void {
    const { what, who, isSchedule, requestKey, action } = attempt;
    const key = requestKey && `${who.name} ${isSchedule} ${action} ${requestKey}`;
    const { now: at } = this.#real.town;
    const earlier = key === undefined ? undefined : this.#answers.get(key);
    if (earlier !== undefined && at - earlier.at < KEPT_MS) {
      this.report.replayed += 1;
      const isSame = isDeepStrictEqual(asTold(value), earlier.told);
      this.#check(isSame ? undefined : `${key} was answered with something else`);
      return;
    }
    if (key !== undefined) this.#answers.set(key, { at, told: asTold(value) });
    this.report.tries[what].taken += 1;
    const isVote = !["request", "withdraw", "cancel", "freeze"].includes(what);
    if (isSchedule && isVote) this.#check(`${what} by a schedule`);
    if (what === "attend") this.#check(`${who.name} did what only Kappa4 itself does`);
    if (what === "freeze") this.#observer.froze(who);
    if (what === "attend" || what === "freeze") return;
    const plan = attempt.plan ?? this.#openGoverning(attempt, (value as RunAnswer).plan);
    this.#observer.tried(plan, attempt, toldIn(what, value), range);
  }

  #openGoverning({ who }: Attempt, view: PlanView): KnownPlan {
    const range = { least: 4, most: 4 };
    return this.#observer.open(view, who, { cluster: undefined, moves: [], range });
  }
}
