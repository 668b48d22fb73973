import { existsSync, readFileSync, writeFileSync } from "node:fs";

/** By family and size: added-up cost, and time as a multiple of the yardstick, of the release compared with. */
export type Baseline = Readonly<Record<string, { readonly cost: number; readonly time: number }>>;

const FILE = new URL("baseline.json", import.meta.url);

/** What was saved last; empty where nothing was. */
export function readBaseline(): Baseline {
  return existsSync(FILE) ? JSON.parse(readFileSync(FILE, "utf8")) : {};
}

/** Saves rows beside those that were not measured this time. */
export function saveBaseline(
  rows: readonly (readonly [key: string, cost: number, time: number])[],
): void {
  const measured = Object.fromEntries(
    rows.map(([key, cost, time]) => [
      key,
      { cost: Math.round(cost * 100) / 100, time: Math.round(time * 1000) / 1000 },
    ]),
  );
  const all = { ...readBaseline(), ...measured };
  writeFileSync(FILE, `${JSON.stringify(all, null, 2)}\n`);
}
