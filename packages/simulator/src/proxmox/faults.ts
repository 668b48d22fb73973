import type { Random } from "./random.ts";

/** Which requests a fault strikes; everything left out matches anything. */
export interface RequestMatch {
  readonly method?: string | undefined;
  /** Path below `/api2/json`; `*` stands for one segment. */
  readonly path?: string | RegExp | undefined;
  /** Counts from 1 among the requests that match; the fault starts with this one. Default 1. */
  readonly nth?: number | undefined;
  /** Contacted node. */
  readonly node?: string | undefined;
}

interface RequestFault {
  readonly on?: RequestMatch | undefined;
  /** How often it strikes. Default 1. */
  readonly times?: number | undefined;
  /** Strikes a matching request with this probability (0 to 1), by the simulator's seed. Default 1. */
  readonly chance?: number | undefined;
}

/** A fault of the line or of the daemon that answers. */
export type WireFault = RequestFault &
  (
    | {
        /** `cut-before`: the connection ends and nothing was done. `cut-after-accept`: done, but no answer. */
        readonly kind: "cut-before" | "cut-after-accept";
      }
    | {
        /** Another answer instead of doing it, for example 429, 503 or 595. */
        readonly kind: "status";
        readonly status: number;
        readonly reason?: string | undefined;
        readonly body?: string | undefined;
        readonly headers?: Readonly<Record<string, string>> | undefined;
      }
    | {
        /** Done at once, answered late. */
        readonly kind: "slow";
        /** Real milliseconds with a clock moved by hand, simulated ones otherwise. */
        readonly delayMs: number;
      }
    | {
        /** `stall`: done, never answered. `garbage`: done, answered with something that is no JSON. */
        readonly kind: "stall" | "garbage";
      }
    | {
        /** 401 as for a ticket that has run out. */
        readonly kind: "ticket-expired";
        /** Before or since January 2026. Default: as the version does. */
        readonly text?: "old" | "new" | undefined;
      }
  );

/** Parts of a migration in their order. */
export type Phase = "prepare" | "disks" | "memory" | "switch" | "cleanup";

/** Which work a fault strikes. */
export interface WorkMatch {
  /** Task type, for example `qmigrate`. */
  readonly type?: string | undefined;
  readonly guest?: number | undefined;
}

interface WorkFaultBase {
  readonly on?: WorkMatch | undefined;
  readonly times?: number | undefined;
  readonly chance?: number | undefined;
}

/** A fault of the work itself. */
export type WorkFault = WorkFaultBase &
  (
    | {
        /** The task dies in this phase; tasks other than migrations know `prepare` only. */
        readonly kind: "task-fails";
        readonly phase?: Phase | undefined;
        readonly text?: string | undefined;
      }
    | { /** The task ends with `WARNINGS: 1`. */ readonly kind: "task-warns" }
    | {
        /** A node goes away when a migration reaches this phase. */
        readonly kind: "node-lost";
        readonly node: "source" | "target";
        readonly phase?: Phase | undefined;
      }
    | { /** The HA manager drops the request to move. */ readonly kind: "ha-refuses" }
  );

/** Anything that can be made to go wrong. */
export type Fault = WireFault | WorkFault;

/** A fault that was asked for. */
export interface ActiveFault {
  /** How often it has struck. */
  readonly fired: number;
  /** Takes the fault back. */
  remove(): void;
}

interface Entry<T> {
  readonly fault: T;
  matched: number;
  fired: number;
}

/** Everything that was asked to go wrong, and how often it did. */
export class Faults {
  #wire: Entry<WireFault>[] = [];
  #work: Entry<WorkFault>[] = [];
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Asks for a fault. */
  add(fault: Fault): ActiveFault {
    if (isWorkFault(fault)) {
      const entry: Entry<WorkFault> = { fault, matched: 0, fired: 0 };
      this.#work.push(entry);
      return handleOf(entry, () => {
        this.#work = this.#work.filter((other) => other !== entry);
      });
    }
    const entry: Entry<WireFault> = { fault, matched: 0, fired: 0 };
    this.#wire.push(entry);
    return handleOf(entry, () => {
      this.#wire = this.#wire.filter((other) => other !== entry);
    });
  }

  /** Takes all faults back. */
  clear(): void {
    this.#wire = [];
    this.#work = [];
  }

  /** The fault that strikes a request, or undefined. */
  takeWire(method: string, path: string, node: string): WireFault | undefined {
    for (const entry of this.#wire) {
      const on = entry.fault.on ?? {};
      if (on.method !== undefined && on.method !== method) continue;
      if (on.node !== undefined && on.node !== node) continue;
      if (on.path !== undefined && !matchesPath(on.path, path)) continue;
      entry.matched += 1;
      if (entry.matched >= (on.nth ?? 1) && this.#strikes(entry)) return entry.fault;
    }
    return undefined;
  }

  /** The fault of one kind that strikes a piece of work in a phase, or undefined. */
  takeWork<Kind extends WorkFault["kind"]>(
    kind: Kind,
    type: string,
    guest: number,
    phase: Phase,
  ): Extract<WorkFault, { kind: Kind }> | undefined {
    for (const entry of this.#work) {
      const { fault } = entry;
      if (!isKind(fault, kind)) continue;
      if (fault.on?.type !== undefined && fault.on.type !== type) continue;
      if (fault.on?.guest !== undefined && fault.on.guest !== guest) continue;
      if ("phase" in fault && (fault.phase ?? "prepare") !== phase) continue;
      if (this.#strikes(entry)) return fault;
    }
    return undefined;
  }

  #strikes(entry: Entry<WireFault> | Entry<WorkFault>): boolean {
    if (entry.fired >= (entry.fault.times ?? 1)) return false;
    const { chance } = entry.fault;
    if (chance !== undefined && this.#random.next() >= chance) return false;
    entry.fired += 1;
    return true;
  }
}

function isWorkFault(fault: Fault): fault is WorkFault {
  return ["task-fails", "task-warns", "node-lost", "ha-refuses"].includes(fault.kind);
}

function isKind<Kind extends WorkFault["kind"]>(
  fault: WorkFault,
  kind: Kind,
): fault is Extract<WorkFault, { kind: Kind }> {
  return fault.kind === kind;
}

function matchesPath(pattern: string | RegExp, path: string): boolean {
  if (pattern instanceof RegExp) return pattern.test(path);
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return false;
  return wanted.every((segment, index) => segment === "*" || segment === given[index]);
}

function handleOf(entry: Entry<WireFault> | Entry<WorkFault>, remove: () => void): ActiveFault {
  return {
    get fired() {
      return entry.fired;
    },
    remove,
  };
}
