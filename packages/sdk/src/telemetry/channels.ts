import { channel } from "node:diagnostics_channel";

/** What is published on `kappa4:action` when a call of an action has ended. */
export interface ActionTrace {
  /** For example `rebalance.apply`. */
  readonly action: string;
  readonly kind: "read" | "plan" | "change" | "run";
  /** The id of a person, or the name of another actor. */
  readonly actor: string;
  readonly via: string;
  /** Undefined: the organisation that every store has. */
  readonly org: string | undefined;
  /** `refused`: the caller may not, or not so often. */
  readonly outcome: "done" | "refused" | "failed";
  /** The code of the error; undefined when it was done. */
  readonly code: string | undefined;
  readonly durationMs: number;
}

/** What is published on `kappa4:run` by the process that works on a run. */
export interface RunTrace {
  /** `left`: it is not over, and whoever comes next goes on with it. */
  readonly phase: "begun" | "ended" | "left";
  readonly org: string;
  readonly run: string;
  readonly action: string;
  readonly connection: string;
  readonly cluster: string;
  /** Rises with each process that takes the run up. */
  readonly fence: number;
  /** How it ended; undefined in the other phases. */
  readonly state: string | undefined;
  readonly code: string | undefined;
  /** Since this process took it up. */
  readonly durationMs: number;
}

/** What is published on `kappa4:operation` when the outside system has accepted a step of a run, and when it is over. */
export interface OperationTrace {
  readonly phase: "accepted" | "ended";
  readonly org: string;
  readonly run: string;
  readonly connection: string;
  readonly cluster: string;
  /** Its place in the plan. */
  readonly step: number;
  /** How it ended; undefined when it is accepted. */
  readonly state: "done" | "failed" | "skipped" | "unknown" | undefined;
  /** Since the step was written down in this process; undefined where another process did that. */
  readonly durationMs: number | undefined;
}

/** What connectors publish on `kappa4:request` after each attempt, as far as it is measured here. */
export interface RequestTrace {
  readonly connection: string;
  readonly method: string;
  /** What is being done, for example `migrate`. */
  readonly operation: string;
  /** Undefined when no answer came. */
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly durationMs: number;
}

/** The traces by the name of their channel. */
export interface Traces {
  readonly "kappa4:action": ActionTrace;
  readonly "kappa4:run": RunTrace;
  readonly "kappa4:operation": OperationTrace;
  readonly "kappa4:request": RequestTrace;
}

/** Publishes a trace; costs nothing when nobody listens. */
export function publish<Name extends keyof Traces>(name: Name, trace: Traces[Name]): void {
  const one = channel(name);
  if (one.hasSubscribers) one.publish(trace);
}

/** Listens on a channel until the returned function is called. */
export function listen<Name extends keyof Traces>(
  name: Name,
  hear: (trace: Traces[Name]) => void,
): () => void {
  const one = channel(name);
  const listener = (trace: unknown): void => hear(trace as Traces[Name]);
  one.subscribe(listener);
  return () => void one.unsubscribe(listener);
}
