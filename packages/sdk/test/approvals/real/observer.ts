import type { PlanView } from "../../../src/actions/answers.ts";
import type { Inhabitant } from "../town.ts";
import { Watchman } from "../watchman.ts";
import { rank } from "../watchman-page.ts";
import type { ClassRange, PlannedMove } from "./class-judge.ts";
import type { Attempt } from "./inventor.ts";
import { type Break, isFollowed, type KnownPlan } from "./known-plan.ts";
import type { LivingCluster } from "./living-cluster.ts";
import { type Check, countOne, type RealFuzzReport, type Seen } from "./report.ts";
import type { Told } from "./told.ts";
import type { RealTown } from "./town.ts";
import type { PlanSeen } from "./town-store.ts";
import { barsFrom, oddityOf, takePlace, wrongWith } from "./verdicts.ts";

/** What becomes of an approval without that anybody calls for it, in the words of the watchman. */
const SEEN_AS: Readonly<Record<string, readonly [Seen, string]>> = {
  succeeded: ["finish", "finish"],
  failed: ["finish", "finish"],
  partly_failed: ["finish", "finish"],
  stale: ["drift", "drift"],
  superseded: ["supersede", "supersede"],
  expired: ["expire", "deadline"],
};

/** Looks at what the store says became of the plans, and at what the clusters were asked for, and has it judged. */
export class Observer {
  readonly plans: KnownPlan[] = [];
  readonly breaks: Break[] = [];
  readonly #real: RealTown;
  readonly #check: Check;
  readonly #report: RealFuzzReport;
  readonly #watchman = new Watchman({ asksForLogin: false });
  readonly #byGuest = new Map<string, KnownPlan>();
  readonly #movesSeen = new Map<LivingCluster, number>();

  constructor(real: RealTown, check: Check, report: RealFuzzReport) {
    this.#real = real;
    this.#check = check;
    this.#report = report;
  }

  /** Opens the book of a new plan. */
  open(
    { id, hash, risk, action }: PlanView,
    { name: editor }: Inhabitant,
    about: Pick<KnownPlan, "cluster" | "moves" | "range">,
  ): KnownPlan {
    const { range, cluster, moves } = about;
    const made = this.#real.town.now;
    const needs = NEEDS[action] ?? 1;
    const plan: KnownPlan = {
      ...{ id, hash, action, ...about, made, editor, needs, shown: risk },
      ...{ state: "draft", yeses: new Set(), isTouched: false },
    };
    const index = this.plans.push(plan) - 1;
    const goesFrozen = action === "service.start";
    this.#watchman.newPlan(index, { hash, risk: range.least, made, editor, needs, goesFrozen });
    this.#judgeClass(plan, risk);
    for (const { guest } of moves) this.#byGuest.set(`${cluster?.name} ${guest}`, plan);
    return plan;
  }

  /** Somebody worked by hand on a cluster, and with that on what some plans are about. */
  touch(concerns: (move: PlannedMove) => boolean, cluster: LivingCluster): void {
    for (const plan of this.plans) {
      if (isFollowed(plan) && plan.cluster === cluster && plan.moves.some(concerns)) {
        plan.isTouched = true;
      }
    }
  }

  /** Somebody has frozen changes. */
  froze(who: Inhabitant): void {
    const { town } = this.#real;
    const isFit = who.linked && who.active && rank(who) >= 2;
    this.#check(isFit && !town.frozen ? undefined : `frozen by ${who.name}, a ${who.role}`);
    town.frozen = true;
  }

  /** Something that somebody tried took effect. */
  tried(plan: KnownPlan, attempt: Attempt, told: Told, range: ClassRange | undefined): void {
    const { town } = this.#real;
    const { what, who, hash, reason, ticket, incident } = attempt;
    // Whoever stops what is stopped already changes nothing.
    if (what === "cancel" && plan.state === "cancelled") return;
    const asWhat = what === "cancel" && plan.began === undefined ? "withdraw" : what;
    const state = told.state ?? (asWhat === "cancel" ? "cancelled" : "withdrawn");
    plan.approval = told.approval ?? plan.approval;
    // At each vote it is judged again.
    if (range !== undefined && (what === "request" || what === "approve")) this.#raise(plan, range);
    if (what === "request") {
      plan.requester = who.name;
      plan.asked = town.now;
    }
    if (told.risk !== undefined) this.#judgeClass(plan, told.risk);
    const tried = { what: asWhat, who, hash, reason, ticket, incident };
    this.#say(plan, `${what} by ${who.name}`, tried, state);
    if (what === "approve") plan.yeses.add(who.name);
    if (what === "break_glass") {
      plan.broken = { by: who.name, at: town.now };
      this.breaks.push(plan.broken);
    }
    if (what === "acknowledge") {
      plan.isAcknowledged = true;
      return;
    }
    if (asWhat === "withdraw" || asWhat === "cancel") plan.stopped = town.now;
    plan.state = state;
    if (state === "approved" && what !== "request") takePlace(plan, this.plans);
  }

  /** Looks at all plans of which anything may still become something. */
  async look(): Promise<void> {
    const { town } = this.#real;
    const asked = this.plans.filter((plan) => plan.asked !== undefined && isFollowed(plan));
    const { isFrozen, plans } = await this.#real.look(asked.map(({ id }) => id));
    const seen = new Map(plans.map((one) => [one.plan, one]));
    const lifts = [...seen.values()].some(
      ({ plan, run }) =>
        run?.startedAt !== undefined &&
        asked.some(({ id, action }) => id === plan && action === "service.start"),
    );
    const wasFrozen = town.frozen || isFrozen;
    if (isFrozen !== town.frozen) {
      this.#check(!isFrozen && lifts ? undefined : `frozen is ${isFrozen}, and nobody saw why`);
      town.frozen = isFrozen;
    }
    for (const plan of asked) this.#lookAtStart(plan, seen.get(plan.id));
    for (const cluster of this.#real.clusters) this.#lookAtMoves(cluster);
    for (const plan of asked) this.#lookAtEnd(plan, seen.get(plan.id), wasFrozen);
  }

  /** Whatever the store has ever begun must have been seen to begin. */
  async lookAtAll(): Promise<void> {
    const begun = new Set(this.plans.flatMap(({ id, began }) => (began === undefined ? [] : [id])));
    for (const { plan, run } of (await this.#real.look()).plans) {
      if (run?.startedAt === undefined) continue;
      this.#check(begun.has(plan) ? undefined : `${plan} ran and nobody saw why`);
    }
  }

  #lookAtStart(plan: KnownPlan, seen: PlanSeen | undefined): void {
    if (seen === undefined) {
      this.#check(`${plan.id} was asked for, and the store has no approval of it`);
      return;
    }
    this.#judgeClass(plan, seen.risk);
    const { run } = seen;
    if (run === undefined) return;
    plan.run = run.id;
    const { startedAt } = run;
    if (startedAt === undefined || plan.began !== undefined) return;
    plan.began = startedAt;
    this.#report.seen.start += 1;
    countOne(this.#report.began, plan.shown);
    const { replaced } = plan;
    if (replaced?.isSure) this.#check(`${plan.id} began after ${replaced.by} took its place`);
    const then = { what: "start", lease: true };
    this.#say(plan, "its start", then, "executing", startedAt);
    if (plan.state === "approved") plan.state = "executing";
    takePlace(plan, this.plans);
  }

  #lookAtEnd(plan: KnownPlan, seen: PlanSeen | undefined, wasFrozen: boolean): void {
    if (seen === undefined) return;
    const { state, run } = seen;
    if (run?.endedAt !== undefined && plan.ended === undefined) {
      plan.ended = run.endedAt;
      if (plan.began === undefined) countOne(this.#report.unbegun, run.code ?? run.state);
    }
    const { replaced } = plan;
    if (replaced?.isSure && (state === "pending" || state === "approved")) {
      this.#check(`${plan.id} waits beside ${replaced.by}, which has taken its place`);
    }
    if (state !== plan.state) {
      const [what, event] = SEEN_AS[state] ?? [];
      if (what === undefined || event === undefined) {
        this.#check(`${plan.id} was ${plan.state}, is ${state}, and nobody saw why`);
      } else {
        this.#report.seen[what] += 1;
        const asker = this.#real.town.people.find(({ name }) => name === plan.requester);
        this.#check(oddityOf(plan, state, barsFrom(plan, asker, wasFrozen)));
        this.#say(plan, `that it is ${state}`, { what: event }, state);
      }
      plan.state = state;
    }
    if (!isFollowed(plan)) plan.cluster?.forget(plan.moves.map(({ guest }) => guest));
  }

  #lookAtMoves(cluster: LivingCluster): void {
    const known = this.#movesSeen.get(cluster) ?? 0;
    this.#movesSeen.set(cluster, cluster.seen.length);
    for (const move of cluster.seen.slice(known)) {
      this.#report.moves += 1;
      this.#check(wrongWith(move, this.#byGuest.get(`${cluster.name} ${move.guest}`)));
    }
  }

  #raise(plan: KnownPlan, { least, most }: ClassRange): void {
    if (least > plan.range.least) this.#report.risen += 1;
    plan.range = {
      least: Math.max(plan.range.least, least),
      most: Math.max(plan.range.most, most),
    };
    this.#watchman.raise(this.plans.indexOf(plan), plan.range.least);
  }

  #judgeClass(plan: KnownPlan, risk: number): void {
    const { id, shown, range } = plan;
    const isFallen = risk < shown;
    if (isFallen) this.#check(`${id} was of class ${shown}, and is of ${risk}`);
    const isFit = risk >= range.least && risk <= range.most;
    this.#check(
      isFit ? undefined : `${id} is of class ${risk}, by the rules ${range.least} to ${range.most}`,
    );
    plan.shown = risk;
    this.#watchman.raise(this.plans.indexOf(plan), risk);
  }

  #say(
    plan: KnownPlan,
    name: string,
    attempt: Parameters<Watchman["complain"]>[1],
    state: string,
    now: number = this.#real.town.now,
  ): void {
    const index = this.plans.indexOf(plan);
    const complaint = this.#watchman.complain(index, attempt, state, { ...this.#real.town, now });
    this.#check(complaint && `${plan.id}, ${name}: ${complaint}`);
  }
}

/** The least rank that comes with the permission, where it is not an Operator's. */
const NEEDS: Readonly<Record<string, number>> = { "grants.give": 3, "service.start": 2 };
