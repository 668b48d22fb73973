import type { ClusterSnapshot, Guest, GuestId, PlacementRule } from "@kappa4/connectors";
import { type RebalanceOptions, type RebalancePlan, readRules } from "../../src/balancing/index.ts";
import { hindrances } from "./hindrances.ts";
import { Ledger, runs } from "./ledger.ts";

/** How a cluster stands: violations by rule, overloads, spread. */
export interface Standing {
  readonly byRule: ReadonlyMap<string, number>;
  readonly violations: number;
  readonly overloads: ReadonlyMap<string, number>;
  /** In percentage points over active nodes, and what they are to be; Infinity where there is no target. */
  readonly spread: number;
  readonly target: number;
  readonly cpuSpread: number;
  readonly cpuTarget: number;
}

interface Coming {
  readonly guest: Guest;
  readonly to: string;
}

/** Carries out waves of moves on a snapshot and notes everything that is wrong with them. */
export class Replay {
  readonly problems: string[] = [];
  readonly #snapshot: ClusterSnapshot;
  readonly #options: RebalanceOptions;
  readonly #rules: readonly PlacementRule[];
  readonly #apart: ReadonlyMap<GuestId, readonly PlacementRule[]>;
  readonly #stays: ReadonlySet<GuestId>;
  /** Where every guest is in the beginning, and in the end. */
  readonly #homes: ReadonlyMap<GuestId, string>;
  readonly #ends: ReadonlyMap<GuestId, string>;
  readonly #guests: ReadonlyMap<GuestId, Guest>;
  readonly #ledger: Ledger;

  constructor(snapshot: ClusterSnapshot, options: RebalanceOptions, moves: RebalancePlan["moves"]) {
    this.#snapshot = snapshot;
    this.#options = options;
    this.#rules = readRules(snapshot, options);
    this.#ledger = new Ledger(snapshot, options);
    this.#guests = new Map(snapshot.guests.map((guest) => [guest.id, guest]));
    const apart = new Map<GuestId, PlacementRule[]>();
    for (const rule of this.#rules) {
      if (rule.kind !== "apart" || !rule.hard) continue;
      for (const id of rule.guests) apart.set(id, [...(apart.get(id) ?? []), rule]);
    }
    this.#apart = apart;
    this.#stays = new Set(
      this.#rules.flatMap(({ kind, hard, guests }) => (kind === "ignore" && hard ? guests : [])),
    );
    this.#homes = new Map(snapshot.guests.map(({ id, node }) => [id, node]));
    this.#ends = new Map([...this.#homes, ...moves.map(({ guest, to }) => [guest, to] as const)]);
  }

  runWave(moves: RebalancePlan["moves"]): void {
    this.#checkCrowding(moves);
    const coming: Coming[] = [];
    for (const { guest: id, from, to } of moves) {
      const guest = this.#guests.get(id);
      if (guest === undefined) {
        this.problems.push(`there is no guest ${id}`);
        continue;
      }
      this.#checkMove(guest, from, to, coming);
      coming.push({ guest, to });
    }
    for (const name of new Set(coming.map(({ to }) => to))) {
      const arriving = coming.filter(({ to }) => to === name).map(({ guest }) => guest);
      const full = this.#ledger.shortOf(name, arriving);
      this.problems.push(...full.map((what) => `${name} is over its ${what} limit on the way`));
    }
    for (const { guest, to } of coming) this.#ledger.move(guest, to);
  }

  measure(): Standing {
    const ledger = this.#ledger;
    const byRule = new Map<string, number>();
    for (const rule of this.#rules) if (rule.hard) byRule.set(rule.id, this.#violations(rule));
    for (const { name } of this.#snapshot.nodes) {
      if (ledger.drains(name)) byRule.set(`drain ${name}`, ledger.running(name));
    }
    const policy = this.#snapshot.policy;
    const none = Number.POSITIVE_INFINITY;
    return {
      byRule,
      violations: [...byRule.values()].reduce((sum, count) => sum + count, 0),
      overloads: ledger.overloads(),
      spread: ledger.spread("memory"),
      target: this.#options.balanciness ?? policy?.balanciness ?? 10,
      cpuSpread: ledger.spread("cpu"),
      cpuTarget: this.#options.cpuBalanciness ?? policy?.cpuBalanciness ?? none,
    };
  }

  #checkCrowding(moves: RebalancePlan["moves"]): void {
    const policy = this.#snapshot.policy;
    const most = (key: "maxParallel" | "maxInflowPerNode" | "maxOutflowPerNode", other: number) =>
      this.#options[key] ?? policy?.[key] ?? other;
    const largest = (names: readonly string[]): number => {
      const counts = new Map<string, number>();
      for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
      return Math.max(0, ...counts.values());
    };
    const complain = (is: boolean, what: string): void => {
      if (is) this.problems.push(what);
    };
    complain(moves.length > most("maxParallel", 4), "too many moves at once");
    complain(largest(moves.map(({ to }) => to)) > most("maxInflowPerNode", 1), "too much inflow");
    complain(
      largest(moves.map(({ from }) => from)) > most("maxOutflowPerNode", 2),
      "too much outflow",
    );
    complain(largest(moves.map(({ guest }) => String(guest))) > 1, "a guest moves twice at once");
  }

  #checkMove(guest: Guest, from: string, to: string, coming: readonly Coming[]): void {
    const wrong = (what: string): void => {
      this.problems.push(`${guest.name} from ${from} to ${to}: ${what}`);
    };
    if (this.#ledger.nodeOf(guest.id) !== from) wrong("is not there");
    if (!this.#ledger.isActive(to)) {
      wrong("target takes no guests");
      return;
    }
    for (const what of hindrances(this.#snapshot, guest, to)) wrong(what);
    if (this.#stays.has(guest.id)) wrong("is ignored");
    const isPinned = this.#rules.some(
      (rule) =>
        rule.kind === "pin" &&
        rule.hard &&
        rule.guests.includes(guest.id) &&
        !rule.nodes.includes(to),
    );
    if (isPinned) wrong("against a pin");
    if (guest.status === "stopped") return;
    for (const rule of this.#apart.get(guest.id) ?? []) {
      if (this.#meets(rule, guest.id, to, coming)) wrong(`meets a guest of ${rule.id}`);
    }
  }

  /** Meets one that it must be apart from, with whom it shares no node in the beginning and none in the end. */
  #meets(rule: PlacementRule, id: GuestId, to: string, coming: readonly Coming[]): boolean {
    const mayMeet = (other: GuestId): boolean =>
      this.#homes.get(other) === this.#homes.get(id) ||
      (this.#ends.get(id) === to && this.#ends.get(other) === to);
    return rule.guests.some((other) => {
      if (other === id || mayMeet(other)) return false;
      const isComing = coming.some((one) => one.guest.id === other && one.to === to);
      return isComing || this.#ledger.runsOn(other, to);
    });
  }

  #violations(rule: PlacementRule): number {
    const nodes = rule.guests.flatMap((id) => {
      const guest = this.#guests.get(id);
      return guest !== undefined && runs(guest) ? [this.#ledger.nodeOf(id)] : [];
    });
    const counts = new Map<string, number>();
    for (const name of nodes) counts.set(name, (counts.get(name) ?? 0) + 1);
    if (rule.kind === "together") return nodes.length - Math.max(0, ...counts.values());
    if (rule.kind === "apart") return nodes.length - counts.size;
    if (rule.kind === "pin") return nodes.filter((name) => !rule.nodes.includes(name)).length;
    return 0;
  }
}
