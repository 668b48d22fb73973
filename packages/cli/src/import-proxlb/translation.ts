import { isSection, type OldSettings } from "./old-settings.ts";

/** A ProxLB configuration as Kappa4 has it, with what a person should know about the way there. */
export interface Translation {
  readonly connection: Readonly<Record<string, unknown>>;
  readonly balancing: Readonly<Record<string, unknown>>;
  /** Settings that were taken over, by their old names. */
  readonly carried: readonly string[];
  /** Settings that do not mean quite the same here: path in the new file to a sentence. */
  readonly changed: Readonly<Record<string, string>>;
  /** Settings without a counterpart: old name to the reason. */
  readonly dropped: Readonly<Record<string, string>>;
  /** What will behave differently from before, by old name: to be read before the first apply. */
  readonly alerts: Readonly<Record<string, string>>;
  /** Settings that ProxLB does not know either. */
  readonly unknown: readonly string[];
  /** Variables that must be set before the file can be used. */
  readonly variables: readonly string[];
}

/** Collects a translation while the old settings are taken one by one. */
export class Translating {
  readonly old: OldSettings;
  readonly carried: string[] = [];
  readonly changed: Record<string, string> = {};
  readonly dropped: Record<string, string> = {};
  readonly alerts: Record<string, string> = {};
  readonly variables: string[] = [];

  readonly #names: ReadonlyMap<string, string>;

  constructor(old: OldSettings, names: ReadonlyMap<string, string>) {
    this.old = old;
    this.#names = names;
  }

  /** What the file itself calls a setting: the INI form has other names. */
  nameOf(oldPath: string): string {
    return this.#names.get(oldPath) ?? oldPath;
  }

  /** Takes a setting over: `value` is what it is here, undefined when it was not given. */
  carry<Value>(oldPath: string, value: Value | undefined): Value | undefined {
    if (value !== undefined) this.carried.push(this.nameOf(oldPath));
    return value;
  }

  /** Says that something at a path of the new file does not mean quite the same. */
  change(newPath: string, sentence: string): void {
    this.changed[newPath] = sentence;
  }

  /** Says that guests will be treated differently from before. */
  alert(oldPath: string, sentence: string): void {
    this.alerts[this.nameOf(oldPath)] = sentence;
  }

  /** Leaves a setting behind, if it was given. */
  drop(oldPath: string, reason: string): void {
    const value = this.old.take(oldPath);
    const isEmpty = isSection(value) && Object.keys(value).length === 0;
    if (value !== undefined && !isEmpty) this.dropped[this.nameOf(oldPath)] = reason;
  }
}

/** Leaves out what is undefined or an empty map, so that the new file says only what the old one said. */
export function given(entries: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(entries).filter(([, value]) => {
      return value !== undefined && !(isSection(value) && Object.keys(value).length === 0);
    }),
  );
}
