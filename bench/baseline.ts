import { existsSync, readFileSync, writeFileSync } from "node:fs";

/** Figures of the release that is compared with. */
export interface Baseline {
  /** Cost of each scenario in seconds. */
  readonly costs: Readonly<Record<string, number>>;
  /** By family and size: planning time as a multiple of the yardstick. */
  readonly times: Readonly<Record<string, number>>;
}

const FILE = new URL("baseline.json", import.meta.url);

/** What was saved last; empty where nothing was. */
export function readBaseline(): Baseline {
  if (!existsSync(FILE)) return { costs: {}, times: {} };
  return JSON.parse(readFileSync(FILE, "utf8"));
}

/** Saves figures beside those that were not measured this time. */
export function saveBaseline({ costs, times }: Baseline): void {
  const was = readBaseline();
  const all: Baseline = {
    costs: rounded({ ...was.costs, ...costs }),
    times: rounded({ ...was.times, ...times }),
  };
  writeFileSync(FILE, `${JSON.stringify(all, null, 2)}\n`);
}

function rounded(values: Readonly<Record<string, number>>): Record<string, number> {
  const entries = Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, value]) => [name, Math.round(value * 1e3) / 1e3]));
}
