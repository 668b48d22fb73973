/** A section of a ProxLB file, or a part of one. */
export type Section = Readonly<Record<string, unknown>>;

/** A ProxLB file in the shape of its YAML form. */
export interface ProxlbFile {
  readonly settings: Section;
  /** What the file itself calls a setting, by its path in the YAML form; those that are not here have that name. */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * The settings of a ProxLB file, each taken once: what nobody took at the end is unknown. Values are read the way
 * they occur in the wild: booleans as `True`, `1` or text, lists as text with commas, empty names in lists.
 */
export class OldSettings {
  readonly #value: Section;
  readonly #taken = new Set<string>();

  constructor(value: Section) {
    this.#value = value;
  }

  /** The value at a dotted path; undefined when it is absent or empty. */
  take(path: string): unknown {
    this.#taken.add(path);
    const value = path.split(".").reduce<unknown>((owner, key) => {
      return isSection(owner) ? owner[key] : undefined;
    }, this.#value);
    return value === null || value === "" ? undefined : value;
  }

  /** The value as text. */
  text(path: string): string | undefined {
    const value = this.take(path);
    return typeof value === "string" || typeof value === "number"
      ? String(value).trim()
      : undefined;
  }

  /** The value as a number; undefined when it is none. */
  number(path: string): number | undefined {
    const text = this.text(path);
    const value = text === undefined ? Number.NaN : Number(text);
    return Number.isFinite(value) ? value : undefined;
  }

  /** The value as yes or no, as Python and INI files write it. */
  boolean(path: string): boolean | undefined {
    const value = this.take(path);
    if (typeof value === "boolean") return value;
    if (value === undefined) return undefined;
    return ["true", "1", "yes", "on"].includes(String(value).trim().toLowerCase());
  }

  /** The value as a list of names; undefined when it names none. */
  list(path: string): readonly string[] | undefined {
    const value = this.take(path);
    const items: readonly unknown[] = Array.isArray(value) ? value : String(value ?? "").split(",");
    const names = items.map((item) => String(item ?? "").trim()).filter((name) => name !== "");
    return names.length === 0 ? undefined : names;
  }

  /** The value as a map. */
  section(path: string): Section | undefined {
    const value = this.take(path);
    return isSection(value) ? value : undefined;
  }

  /** Dotted paths that hold a value and that nobody took. */
  untaken(): readonly string[] {
    return leaves(this.#value, []).filter((path) => {
      return ![...this.#taken].some((taken) => path === taken || path.startsWith(`${taken}.`));
    });
  }
}

/** Tells a map from lists and plain values. */
export function isSection(value: unknown): value is Section {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function leaves(value: Section, path: readonly string[]): readonly string[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    const own = [...path, key];
    if (isSection(inner) && Object.keys(inner).length > 0) return leaves(inner, own);
    return [own.join(".")];
  });
}
