import type { ClusterSnapshot, Guest, GuestId, PlacementRule } from "@kappa4/connectors";
import { type RebalanceOptions, type RebalancePlan, readRules } from "../../src/balancing/index.ts";

const MEMORY_LIMIT = 0.95;
const STORAGE_LIMIT = 0.95;
const CPU_LIMIT = 1;

/**
 * Replays a plan against its snapshot and lists everything that is wrong with it. Shares no code with the
 * engine but the reading of rules: loads are added up from the guests at every step.
 */
export function judge(
  snapshot: ClusterSnapshot,
  plan: RebalancePlan,
  options: RebalanceOptions = {},
): readonly string[] {
  const replay = new Replay(snapshot, options);
  const before = replay.measure();
  const numbers = [...new Set(plan.moves.map(({ wave }) => wave))];
  for (const number of numbers) {
    replay.runWave(plan.moves.filter(({ wave }) => wave === number));
  }
  const after = replay.measure();
  return [
    ...replay.problems,
    ...(numbers.every((number, index) => number === index) ? [] : ["waves are not in order"]),
    ...compare(before, after),
    ...formOf(plan),
    ...(plan.mode === "used" &&
    plan.method === "memory" &&
    Math.abs(plan.after.spread - after.spread) > 1e-3
      ? [`predicted spread ${plan.after.spread}, replayed ${after.spread}`]
      : []),
    ...(plan.after.violations === after.total ? [] : ["predicted violations differ"]),
  ];
}

/** How a cluster stands: violations by rule, overloads, spread. */
export interface Standing {
  readonly byRule: ReadonlyMap<string, number>;
  readonly total: number;
  readonly overloads: ReadonlyMap<string, number>;
  readonly spread: number;
  readonly target: number;
}

function compare(before: Standing, after: Standing): readonly string[] {
  const found: string[] = [];
  for (const [rule, count] of after.byRule) {
    if (count > (before.byRule.get(rule) ?? 0)) found.push(`rule ${rule} is newly broken`);
  }
  for (const [what, used] of after.overloads) {
    if (used > (before.overloads.get(what) ?? 0)) found.push(`new overload of ${what}`);
  }
  if (after.total > before.total) found.push("more violations than before");
  const worse = after.spread > Math.max(before.spread, before.target) + 1e-6;
  const relieved = after.overloads.size < before.overloads.size;
  if (worse && after.total === before.total && !relieved) {
    found.push("a larger spread than before for nothing");
  }
  return found;
}

/** Every move has a reason with figures and a sentence; every blocked guest and conflict a sentence. */
function formOf(plan: RebalancePlan): readonly string[] {
  const found: string[] = [];
  for (const { name, reasons } of plan.moves) {
    if (reasons.length === 0) found.push(`${name} moves without a reason`);
    for (const { from, to, message } of reasons) {
      const figures = [from.before, from.after, to.before, to.after];
      if (!figures.every(Number.isFinite)) found.push(`${name} has no figures`);
      if (message.length < 5) found.push(`${name} has no sentence`);
    }
  }
  for (const { message } of [...plan.blocked, ...plan.conflicts]) {
    if (!message.endsWith(".")) found.push(`no sentence: ${message}`);
  }
  const guests = plan.blocked.map(({ guest }) => guest);
  if (new Set(guests).size !== guests.length) found.push("a guest is blocked twice");
  return found;
}

class Replay {
  readonly problems: string[] = [];
  readonly #snapshot: ClusterSnapshot;
  readonly #options: RebalanceOptions;
  readonly #rules: readonly PlacementRule[];
  readonly #at: Map<GuestId, string>;
  readonly #base: ReadonlyMap<string, number>;

  constructor(snapshot: ClusterSnapshot, options: RebalanceOptions) {
    this.#snapshot = snapshot;
    this.#options = options;
    this.#rules = readRules(snapshot, options);
    this.#at = new Map(snapshot.guests.map(({ id, node }) => [id, node]));
    this.#base = new Map(
      snapshot.nodes.map(({ name, memory }) => [
        name,
        memory.used - this.#sum(name, (g) => g.memory.used),
      ]),
    );
  }

  runWave(moves: RebalancePlan["moves"]): void {
    const { maxParallel = 4, maxInflowPerNode = 1, maxOutflowPerNode = 2 } = this.#options;
    const most = (names: readonly string[]): number =>
      Math.max(0, ...names.map((name) => names.filter((other) => other === name).length));
    if (moves.length > maxParallel) this.problems.push("too many moves at once");
    if (most(moves.map(({ to }) => to)) > maxInflowPerNode) this.problems.push("too much inflow");
    if (most(moves.map(({ from }) => from)) > maxOutflowPerNode)
      this.problems.push("too much outflow");
    if (most(moves.map(({ guest }) => String(guest))) > 1)
      this.problems.push("a guest moves twice at once");
    const coming: { readonly guest: Guest; readonly to: string }[] = [];
    for (const move of moves) {
      const guest = this.#snapshot.guests.find(({ id }) => id === move.guest);
      if (guest === undefined) continue;
      this.#checkMove(guest, move.from, move.to, coming);
      coming.push({ guest, to: move.to });
    }
    for (const { name } of this.#snapshot.nodes) this.#checkNode(name, coming);
    for (const { guest, to } of coming) this.#at.set(guest.id, to);
  }

  measure(): Standing {
    const byRule = new Map<string, number>();
    for (const rule of this.#rules) if (rule.hard) byRule.set(rule.id, this.#violations(rule));
    for (const node of this.#snapshot.nodes) {
      if (!this.#drains(node.name)) continue;
      byRule.set(
        `drain ${node.name}`,
        this.#running().filter(({ id }) => this.#at.get(id) === node.name).length,
      );
    }
    const loads = this.#snapshot.nodes
      .filter(({ name }) => this.#isActive(name))
      .map(({ name, memory }) => this.#memory(name) / memory.total);
    const spread = loads.length === 0 ? 0 : 100 * (Math.max(...loads) - Math.min(...loads));
    const total = [...byRule.values()].reduce((sum, count) => sum + count, 0);
    const target = this.#options.balanciness ?? this.#snapshot.policy?.balanciness ?? 10;
    return { byRule, total, overloads: this.#overloads(), spread, target };
  }

  #checkMove(
    guest: Guest,
    from: string,
    to: string,
    coming: readonly { readonly guest: Guest; readonly to: string }[],
  ): void {
    const node = this.#snapshot.nodes.find(({ name }) => name === to);
    const home = this.#snapshot.nodes.find(({ name }) => name === guest.node);
    const wrong = (what: string): void => {
      this.problems.push(`${guest.name} from ${from} to ${to}: ${what}`);
    };
    if (this.#at.get(guest.id) !== from) wrong("is not there");
    if (node === undefined || !this.#isActive(to)) {
      wrong("target takes no guests");
      return;
    }
    if (guest.status === "unknown" || home?.status !== "online" || home.ignored)
      wrong("its node is out");
    if (guest.lock !== null || guest.localResources.length > 0 || guest.template === true)
      wrong("cannot move");
    const stays = this.#rules.some(
      ({ kind, guests }) => kind === "ignore" && guests.includes(guest.id),
    );
    if (stays) wrong("is ignored");
    const storages = node.storages.map(({ id }) => id);
    if (guest.volumes?.some(({ storage }) => !storages.includes(storage)))
      wrong("storage is missing");
    if (guest.bridges?.some((bridge) => node.bridges?.includes(bridge) === false))
      wrong("network is missing");
    const live = guest.type === "qemu" && guest.status !== "stopped";
    const otherCpu =
      node.cpuGroup !== undefined &&
      home?.cpuGroup !== undefined &&
      node.cpuGroup !== home.cpuGroup;
    if (live && otherCpu) wrong("processor is different");
    if (guest.refusedNodes?.[to] !== undefined) wrong("provider refuses");
    const pinned = this.#rules.filter(
      (rule) => rule.kind === "pin" && rule.hard && rule.guests.includes(guest.id),
    );
    if (pinned.some((rule) => rule.kind === "pin" && !rule.nodes.includes(to)))
      wrong("against a pin");
    for (const rule of this.#rules) {
      if (rule.kind !== "apart" || !rule.hard || !rule.guests.includes(guest.id)) continue;
      const spread =
        rule.guests.length <=
        this.#snapshot.nodes.filter(({ name }) => this.#isActive(name)).length;
      const meets = (other: GuestId, at: string | undefined): boolean =>
        other !== guest.id && rule.guests.includes(other) && at === to;
      const isThere = this.#running().some(({ id }) => meets(id, this.#at.get(id)));
      const isComing = coming.some((one) => meets(one.guest.id, one.to));
      if (
        guest.status !== "stopped" &&
        spread &&
        !this.#cannotHold(rule) &&
        (isThere || isComing)
      ) {
        wrong(`meets a guest of ${rule.id}`);
      }
    }
  }

  /** Other rules name guests of this one: then it may be unable to hold, and only its count is checked. */
  #cannotHold(rule: PlacementRule): boolean {
    return this.#rules.some(
      ({ kind, hard, guests }) =>
        (kind === "together" || kind === "pin") &&
        hard &&
        guests.some((id) => rule.guests.includes(id)),
    );
  }

  /** Both copies count while a guest travels. */
  #checkNode(
    name: string,
    coming: readonly { readonly guest: Guest; readonly to: string }[],
  ): void {
    const node = this.#snapshot.nodes.find((one) => one.name === name);
    const arriving = coming.filter(({ to }) => to === name).map(({ guest }) => guest);
    if (node === undefined || arriving.length === 0) return;
    const more = arriving.filter(runs).reduce((sum, guest) => sum + guest.memory.used, 0);
    const used = this.#memory(name) + more;
    const allowed = Math.max(MEMORY_LIMIT * node.memory.total, node.memory.used);
    if (more > 0 && used > allowed)
      this.problems.push(`${name} is over its memory limit on the way`);
    for (const storage of node.storages) {
      if (storage.shared) continue;
      const bytes = arriving.reduce((sum, guest) => sum + bytesOn(guest, storage.id), 0);
      const filled = this.#stored(name, storage.id) + bytes;
      if (bytes > 0 && filled > Math.max(STORAGE_LIMIT * storage.total, storage.used)) {
        this.problems.push(`${name} is over its storage limit on the way`);
      }
    }
  }

  #overloads(): ReadonlyMap<string, number> {
    const found = new Map<string, number>();
    for (const node of this.#snapshot.nodes) {
      const memory = this.#memory(node.name);
      if (memory > MEMORY_LIMIT * node.memory.total) found.set(`memory of ${node.name}`, memory);
      const cpu = this.#sum(node.name, (guest) => guest.cpu.used * guest.cpu.cores);
      if (cpu > CPU_LIMIT * node.cpu.cores + 1e-6) found.set(`cpu of ${node.name}`, cpu);
    }
    return found;
  }

  #violations(rule: PlacementRule): number {
    const nodes = this.#running()
      .filter(({ id }) => rule.guests.includes(id))
      .map(({ id }) => this.#at.get(id) ?? "");
    const groups = [...new Set(nodes)].map(
      (name) => nodes.filter((other) => other === name).length,
    );
    if (rule.kind === "together") return nodes.length - Math.max(0, ...groups);
    if (rule.kind === "apart") return nodes.length - groups.length;
    if (rule.kind === "pin") return nodes.filter((name) => !rule.nodes.includes(name)).length;
    return 0;
  }

  #isActive(name: string): boolean {
    const node = this.#snapshot.nodes.find((one) => one.name === name);
    const ignored = node?.ignored === true || this.#options.ignoreNodes?.includes(name) === true;
    return node?.status === "online" && !this.#drains(name) && !ignored;
  }

  #drains(name: string): boolean {
    const node = this.#snapshot.nodes.find((one) => one.name === name);
    return node?.maintenance === true || this.#options.maintenanceNodes?.includes(name) === true;
  }

  #memory(name: string): number {
    return (this.#base.get(name) ?? 0) + this.#sum(name, (guest) => guest.memory.used);
  }

  #stored(name: string, storage: string): number {
    const node = this.#snapshot.nodes.find((one) => one.name === name);
    const used = node?.storages.find(({ id }) => id === storage)?.used ?? 0;
    return this.#snapshot.guests.reduce((sum, guest) => {
      const bytes = bytesOn(guest, storage);
      return (
        sum + (this.#at.get(guest.id) === name ? bytes : 0) - (guest.node === name ? bytes : 0)
      );
    }, used);
  }

  #sum(name: string, of: (guest: Guest) => number): number {
    return this.#running()
      .filter(({ id }) => this.#at.get(id) === name)
      .reduce((sum, guest) => sum + of(guest), 0);
  }

  #running(): readonly Guest[] {
    return this.#snapshot.guests.filter(runs);
  }
}

function runs(guest: Guest): boolean {
  return guest.status === "running" || guest.status === "paused";
}

function bytesOn(guest: Guest, storage: string): number {
  return (guest.volumes ?? []).reduce(
    (sum, one) => sum + (one.storage === storage ? one.bytes : 0),
    0,
  );
}
