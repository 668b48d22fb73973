const SHOWN = 20;

/** Counts what held and what did not, and prints the first of what did not. */
export class Tally {
  passed = 0;
  failed = 0;
  readonly #say: (line: string) => void;

  constructor(say: (line: string) => void = console.log) {
    this.#say = say;
  }

  /** Counts one check; `what` says what it was about, and is asked for only when it failed. */
  check(holds: boolean, what: () => string): void {
    if (holds) {
      this.passed += 1;
      return;
    }
    this.failed += 1;
    if (this.failed <= SHOWN) this.#say(`FAILED ${what()}`);
    if (this.failed === SHOWN) this.#say("FAILED more are counted, not shown");
  }
}

/** Prints rows below their heads, each column as wide as it has to be. */
export function printTable(heads: readonly string[], rows: readonly (readonly unknown[])[]): void {
  const lines = [heads, ...rows].map((row) => row.map(String));
  const widths = heads.map((_, column) =>
    Math.max(...lines.map((row) => row[column]?.length ?? 0)),
  );
  for (const row of lines) {
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    );
  }
}

/** Counts as rows, the highest first. */
export function byCount(
  counts: ReadonlyMap<string, number>,
): readonly (readonly [string, number])[] {
  return [...counts].sort(([, one], [, other]) => other - one);
}
