import type { Traces } from "./channels.ts";

/** Names and values that a figure is told apart by. */
export type Labels = Readonly<Record<string, string>>;

/** What is made of a trace. */
interface Measured {
  readonly labels: Labels;
  /** Undefined where nothing was timed. */
  readonly seconds: number | undefined;
}

/** A counter, and a histogram of how long it took, over the traces of one channel. */
export interface Instrument<Name extends keyof Traces = keyof Traces> {
  readonly channel: Name;
  /** Without suffix: `kappa4_actions` becomes `kappa4_actions_total` and `kappa4_actions_seconds`. */
  readonly name: string;
  /** What is counted, as a sentence. */
  readonly help: string;
  /** Undefined for a trace that is not counted. */
  measure(trace: Traces[Name]): Measured | undefined;
}

/** What is measured of each channel. Labels have few values each: never an id, a guest or a path. */
export const INSTRUMENTS: {
  readonly [Name in keyof Traces]: Instrument<Name>;
} = {
  "kappa4:action": {
    channel: "kappa4:action",
    name: "kappa4_actions",
    help: "Calls of actions that have ended.",
    measure: ({ action, outcome, code = "", via, durationMs }) => ({
      labels: { action, outcome, code, via },
      seconds: durationMs / 1000,
    }),
  },
  "kappa4:run": {
    channel: "kappa4:run",
    name: "kappa4_runs",
    help: "Runs that ended, or that this process left to another one.",
    measure: ({ phase, action, connection, state = phase, durationMs }) =>
      phase === "begun"
        ? undefined
        : { labels: { action, connection, state }, seconds: durationMs / 1000 },
  },
  "kappa4:operation": {
    channel: "kappa4:operation",
    name: "kappa4_operations",
    help: "Steps of runs that the outside systems have ended.",
    measure: ({ phase, connection, state = phase, durationMs }) =>
      phase === "accepted"
        ? undefined
        : {
            labels: { connection, state },
            seconds: durationMs === undefined ? undefined : durationMs / 1000,
          },
  },
  "kappa4:request": {
    channel: "kappa4:request",
    name: "kappa4_requests",
    help: "Requests to outside systems, each attempt by itself.",
    measure: ({ connection, operation, status, code = "", durationMs }) => ({
      labels: { connection, operation, status: String(status ?? "none"), code },
      seconds: durationMs / 1000,
    }),
  },
};

/** Every instrument, as its channel's traces are heard. */
export const CHANNELS = Object.keys(INSTRUMENTS) as readonly (keyof Traces)[];
