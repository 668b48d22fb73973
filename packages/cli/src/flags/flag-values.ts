import type { Issue } from "@kappa4/sdk";
import { usageError } from "./usage-error.ts";

/** Bounds of a number. */
export interface NumberBounds {
  readonly above?: number | undefined;
  readonly least?: number | undefined;
  readonly most?: number | undefined;
  readonly whole?: boolean | undefined;
}

/**
 * The flags that were given. Each reading may find a problem; `check` throws all of them together, so that
 * nobody corrects a command line one flag at a time.
 */
export class FlagValues {
  readonly #command: { readonly name: string };
  readonly #values: ReadonlyMap<string, readonly string[]>;
  readonly #issues: Issue[] = [];

  constructor(command: { readonly name: string }, values: ReadonlyMap<string, readonly string[]>) {
    this.#command = command;
    this.#values = values;
  }

  /** Whether a flag was given. */
  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The value of a flag as it was typed. */
  text(name: string): string | undefined {
    return this.#values.get(name)?.at(-1);
  }

  /** Why something is to be done: judged before anything is looked at, not when it is put on record. */
  reason(): string | undefined {
    const text = this.text("reason")?.trim();
    if (text !== undefined && (text.length < 3 || text.length > 500)) {
      this.problem("reason", "must say why in 3 to 500 characters");
    }
    return text;
  }

  /** All values of a flag, those separated by commas taken apart; undefined when it was not given. */
  list(name: string): readonly string[] | undefined {
    const parts = this.#values.get(name)?.flatMap((value) => value.split(","));
    const names = parts?.map((part) => part.trim());
    if (names?.includes("") === true) this.problem(name, "holds an empty name; remove the comma");
    return names;
  }

  /** The value of a flag that must be one of some words. */
  choice<Word extends string>(name: string, words: readonly Word[]): Word | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const found = words.find((word) => word === text);
    if (found === undefined) {
      this.problem(name, `must be ${words.join(" or ")}, not ${JSON.stringify(text)}`);
    }
    return found;
  }

  /** All values of a flag that must be among some words. */
  choices<Word extends string>(name: string, words: readonly Word[]): readonly Word[] | undefined {
    const given = this.list(name);
    const known = given?.filter((text): text is Word => words.some((word) => word === text));
    const unknown = given?.find((text) => text !== "" && !words.some((word) => word === text));
    if (unknown !== undefined) {
      this.problem(name, `must be one of ${words.join(", ")}, not ${JSON.stringify(unknown)}`);
    }
    return known;
  }

  /** The value of a flag that must be a number. */
  number(name: string, bounds: NumberBounds = {}): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
    const { above = Number.NEGATIVE_INFINITY, least = Number.NEGATIVE_INFINITY } = bounds;
    const { most = Number.POSITIVE_INFINITY, whole = false } = bounds;
    const fits = value > above && value >= least && value <= most;
    if (fits && (!whole || Number.isInteger(value))) return value;
    this.problem(name, `must be ${wanted(bounds)}, not ${JSON.stringify(text)}`);
    return undefined;
  }

  /** The flag that has a value, as one of several or alone. */
  flagWith(value: string): string | undefined {
    const entries = [...this.#values];
    return entries.find(([, given]) => given.some((text) => text.split(",").includes(value)))?.[0];
  }

  /** Notes a problem with a flag. */
  problem(name: string, message: string): void {
    this.wrong(`--${name}`, message);
  }

  /** Notes a problem with another word. */
  wrong(path: string, message: string): void {
    this.#issues.push({ path, message });
  }

  /** Throws `config_invalid` with every problem found so far. */
  check(): void {
    if (this.#issues.length > 0) throw usageError(this.#command, this.#issues);
  }
}

function wanted({ above, least, most, whole }: NumberBounds): string {
  const bounds = [
    above === undefined ? undefined : `above ${above}`,
    least === undefined ? undefined : `at least ${least}`,
    most === undefined ? undefined : `at most ${most}`,
  ].filter((bound) => bound !== undefined);
  const kind = whole === true ? "a whole number" : "a number";
  return bounds.length === 0 ? kind : `${kind}, ${bounds.join(" and ")}`;
}
