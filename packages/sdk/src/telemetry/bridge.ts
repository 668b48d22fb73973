import { listen, type Traces } from "./channels.ts";
import { CHANNELS, INSTRUMENTS } from "./instruments.ts";

/** What of OpenTelemetry's API is used: pass the package `@opentelemetry/api` itself. */
export interface TelemetryApi {
  readonly trace: {
    /** Returns what makes spans, by the name of the library that does. */
    getTracer(name: string): TelemetryTracer;
  };
  readonly metrics: {
    /** Returns what makes instruments, by the name of the library that does. */
    getMeter(name: string): TelemetryMeter;
  };
}

/** Makes spans. */
export interface TelemetryTracer {
  /** Begins a span. */
  startSpan(name: string, options?: TelemetrySpanOptions): TelemetrySpan;
}

/** How a span begins. */
export interface TelemetrySpanOptions {
  readonly startTime?: Date;
  readonly attributes?: Record<string, string | number>;
}

/** A piece of work with a beginning and an end. */
export interface TelemetrySpan {
  /** Says how it ended: 2 for an error. */
  setStatus(status: { code: number; message?: string }): unknown;
  /** Ends it. Default: now. */
  end(endTime?: Date): void;
}

/** Makes instruments. */
export interface TelemetryMeter {
  /** Makes something that only rises. */
  createCounter(name: string, options?: { description?: string }): TelemetryCounter;
  /** Makes something that is spread over sizes. */
  createHistogram(
    name: string,
    options?: { description?: string; unit?: string },
  ): TelemetryHistogram;
}

/** Something that only rises. */
export interface TelemetryCounter {
  /** Adds to it. */
  add(value: number, attributes?: Record<string, string>): void;
}

/** Something that is spread over sizes. */
export interface TelemetryHistogram {
  /** Adds one size. */
  record(value: number, attributes?: Record<string, string>): void;
}

const NAME = "kappa4";
/** `SpanStatusCode.ERROR` */
const ERROR = 2;
/** Outcomes and states that are no fault. */
const GOOD = new Set(["done", "succeeded", "left", "skipped", "cancelled"]);

/**
 * Gives every trace of this process to OpenTelemetry: a span, a counter and a histogram for actions, runs, operations
 * and requests. A span is the child of whatever span is active where the work ends. Returns what ends it.
 *
 * @example
 * import * as opentelemetry from "@opentelemetry/api";
 * const stop = bridgeTelemetry(opentelemetry);
 */
export function bridgeTelemetry(api: TelemetryApi): () => void {
  const tracer = api.trace.getTracer(NAME);
  const meter = api.metrics.getMeter(NAME);
  const stops = CHANNELS.map((channel) => bridge(channel, tracer, meter));
  return () => {
    for (const stop of stops) stop();
  };
}

function bridge<Name extends keyof Traces>(
  channel: Name,
  tracer: TelemetryTracer,
  meter: TelemetryMeter,
): () => void {
  const { name, help: description, measure } = INSTRUMENTS[channel];
  const dotted = name.replace("_", ".");
  const counter = meter.createCounter(dotted, { description });
  const histogram = meter.createHistogram(`${dotted}.duration`, { description, unit: "s" });
  return listen(channel, (trace) => {
    const measured = measure(trace);
    if (measured === undefined) return;
    counter.add(1, { ...measured.labels });
    if (measured.seconds === undefined) return;
    histogram.record(measured.seconds, { ...measured.labels });
    const endedAt = new Date();
    const startTime = new Date(endedAt.getTime() - measured.seconds * 1000);
    const span = tracer.startSpan(nameOf(channel, trace), { startTime, attributes: plain(trace) });
    const failure = failureOf(trace);
    if (failure !== undefined) span.setStatus({ code: ERROR, message: failure });
    span.end(endedAt);
  });
}

/** For example `kappa4 action rebalance.plan`, `kappa4 request migrate`. */
function nameOf<Name extends keyof Traces>(channel: Name, trace: Traces[Name]): string {
  const what = "action" in trace ? trace.action : "operation" in trace ? trace.operation : "";
  return `${channel.replace(":", " ")} ${what}`.trim();
}

function plain(trace: Traces[keyof Traces]): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(trace).flatMap(([key, value]: [string, unknown]) =>
      typeof value === "string" || typeof value === "number" ? [[`kappa4.${key}`, value]] : [],
    ),
  );
}

/** The code of what went wrong; undefined when all is well. */
function failureOf(trace: Traces[keyof Traces]): string | undefined {
  if ("code" in trace && trace.code !== undefined) return trace.code;
  const end = "outcome" in trace ? trace.outcome : "state" in trace ? trace.state : undefined;
  return end === undefined || GOOD.has(end) ? undefined : end;
}
