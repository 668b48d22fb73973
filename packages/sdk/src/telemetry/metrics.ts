import { listen, type Traces } from "./channels.ts";
import { CHANNELS, INSTRUMENTS, type Labels } from "./instruments.ts";

/** Upper ends of the buckets of every histogram, in seconds: from an answer out of memory to a long migration. */
const BUCKETS = [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 300, 1800, 7200];

interface Series {
  readonly labels: Labels;
  count: number;
  /** Of those that were timed. */
  timed: number;
  seconds: number;
  readonly buckets: number[];
}

/** Counts what happens in this process, and gives the figures to whoever asks. */
export class Metrics {
  readonly #series = new Map<keyof Traces, Map<string, Series>>();
  readonly #stops: readonly (() => void)[];

  constructor() {
    this.#stops = CHANNELS.map((channel) => this.#count(channel));
  }

  /** Returns all figures in the text format of Prometheus (version 0.0.4). */
  text(): string {
    const lines = CHANNELS.flatMap((channel) => {
      const { name, help } = INSTRUMENTS[channel];
      const all = [...(this.#series.get(channel)?.values() ?? [])];
      return [
        `# HELP ${name}_total ${help}`,
        `# TYPE ${name}_total counter`,
        ...all.map(({ labels, count }) => line(`${name}_total`, labels, count)),
        `# HELP ${name}_seconds How long they took.`,
        `# TYPE ${name}_seconds histogram`,
        ...all.flatMap((series) => histogram(`${name}_seconds`, series)),
      ];
    });
    return `${lines.join("\n")}\n`;
  }

  /** Counts no more. */
  close(): void {
    for (const stop of this.#stops) stop();
  }

  #count<Name extends keyof Traces>(channel: Name): () => void {
    const all = new Map<string, Series>();
    this.#series.set(channel, all);
    const { measure } = INSTRUMENTS[channel];
    return listen(channel, (trace) => {
      const measured = measure(trace);
      if (measured === undefined) return;
      const key = JSON.stringify(measured.labels);
      const series = all.get(key) ?? newSeries(measured.labels);
      all.set(key, series);
      add(series, measured.seconds);
    });
  }
}

function newSeries(labels: Labels): Series {
  return { labels, count: 0, timed: 0, seconds: 0, buckets: BUCKETS.map(() => 0) };
}

function add(series: Series, seconds: number | undefined): void {
  series.count += 1;
  if (seconds === undefined) return;
  series.timed += 1;
  series.seconds += seconds;
  for (const [at, end] of BUCKETS.entries()) {
    if (seconds <= end) series.buckets[at] = (series.buckets[at] ?? 0) + 1;
  }
}

function histogram(name: string, { labels, timed, seconds, buckets }: Series): readonly string[] {
  return [
    ...BUCKETS.map((end, at) =>
      line(`${name}_bucket`, { ...labels, le: String(end) }, buckets[at] ?? 0),
    ),
    line(`${name}_bucket`, { ...labels, le: "+Inf" }, timed),
    line(`${name}_sum`, labels, seconds),
    line(`${name}_count`, labels, timed),
  ];
}

function line(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}{${pairs.join(",")}} ${value}`;
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
