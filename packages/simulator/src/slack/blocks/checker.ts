import { type Fields, isFields } from "../json.ts";
import { slackLimits } from "../limits.ts";

/** Where a set of blocks is to be shown: each surface takes its own kinds of block. */
export type SlackSurface = "message" | "modal" | "home";

/** One thing that Slack would refuse, with the JSON pointer of the faulty place. */
export interface SlackBlockFault {
  readonly pointer: string;
  readonly message: string;
}

/** Checks the own fields of one kind of block or element. */
export interface FieldCheck {
  readonly fields: readonly string[];
  readonly check: (checker: Checker, value: Fields, pointer: string) => void;
}

/** Bounds of a text field. */
export interface TextBounds {
  readonly max?: number | undefined;
  readonly min?: number | undefined;
  readonly optional?: boolean | undefined;
}

/** Bounds of a list field. */
export interface ListBounds {
  readonly max?: number | undefined;
  readonly min?: number | undefined;
  readonly optional?: boolean | undefined;
}

/**
 * Collects what is wrong with a tree of blocks while the checks walk over it.
 * The wording follows the messages that Slack puts into `response_metadata.messages`.
 */
export class Checker {
  readonly faults: SlackBlockFault[] = [];
  readonly surface: SlackSurface;
  readonly #blockIds = new Set<string>();
  #focused = 0;

  constructor(surface: SlackSurface) {
    this.surface = surface;
  }

  fault(pointer: string, message: string): void {
    this.faults.push({ pointer, message });
  }

  /** Checks that a value is an object without fields that Slack does not know. */
  object(value: unknown, pointer: string, known: readonly string[]): Fields | undefined {
    if (!isFields(value)) {
      this.fault(pointer, "must provide an object");
      return undefined;
    }
    for (const key of Object.keys(value)) {
      if (!known.includes(key)) this.fault(pointer, `invalid additional property: ${key}`);
    }
    return value;
  }

  text(owner: Fields, key: string, pointer: string, bounds: TextBounds = {}): string | undefined {
    const value = owner[key];
    const at = `${pointer}/${key}`;
    if (value === undefined) {
      if (bounds.optional !== true) this.fault(pointer, `missing required field: ${key}`);
      return undefined;
    }
    if (typeof value !== "string") {
      this.fault(at, "must be a string");
      return undefined;
    }
    const min = bounds.min ?? 1;
    if (value.length < min) this.fault(at, `must be more than ${min - 1} characters`);
    if (bounds.max !== undefined && value.length > bounds.max) {
      this.fault(at, `must be less than ${bounds.max + 1} characters`);
    }
    return value;
  }

  list(owner: Fields, key: string, pointer: string, bounds: ListBounds = {}): readonly unknown[] {
    const value = owner[key];
    const at = `${pointer}/${key}`;
    if (value === undefined) {
      if (bounds.optional !== true) this.fault(pointer, `missing required field: ${key}`);
      return [];
    }
    if (!Array.isArray(value)) {
      this.fault(at, "must provide an array");
      return [];
    }
    const min = bounds.min ?? 1;
    if (value.length < min) this.fault(at, `no less than ${min} items allowed`);
    if (bounds.max !== undefined && value.length > bounds.max) {
      this.fault(at, `no more than ${bounds.max} items allowed`);
    }
    return value;
  }

  choice(owner: Fields, key: string, pointer: string, allowed: readonly string[]): void {
    const value = owner[key];
    if (value === undefined) return;
    if (typeof value === "string" && allowed.includes(value)) return;
    this.fault(`${pointer}/${key}`, `must be a valid enum value (${allowed.join(", ")})`);
  }

  flag(owner: Fields, key: string, pointer: string): void {
    const value = owner[key];
    if (value === undefined || typeof value === "boolean") return;
    this.fault(`${pointer}/${key}`, "must be a boolean");
  }

  integer(owner: Fields, key: string, pointer: string, min: number, max: number): void {
    const value = owner[key];
    if (value === undefined) return;
    if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max)
      return;
    this.fault(`${pointer}/${key}`, `must be an integer between ${min} and ${max}`);
  }

  url(owner: Fields, key: string, pointer: string, bounds: TextBounds): void {
    const value = this.text(owner, key, pointer, bounds);
    if (value === undefined || value === "") return;
    if (/^https?:\/\/[^\s]+$/.test(value)) return;
    this.fault(`${pointer}/${key}`, "must be a valid URL");
  }

  blockId(block: Fields, pointer: string): void {
    const id = this.text(block, "block_id", pointer, { max: slackLimits.id, optional: true });
    if (id === undefined) return;
    if (this.#blockIds.has(id)) {
      this.fault(`${pointer}/block_id`, `block_id \`${id}\` already exists`);
    }
    this.#blockIds.add(id);
  }

  /** Counts elements with `focus_on_load`, of which a view may have one. */
  focus(element: Fields, pointer: string): void {
    this.flag(element, "focus_on_load", pointer);
    if (element.focus_on_load !== true) return;
    this.#focused += 1;
    if (this.surface === "message") {
      this.fault(`${pointer}/focus_on_load`, "focus_on_load is only available in views");
    }
    if (this.#focused > 1) {
      this.fault(`${pointer}/focus_on_load`, "only one element can be focused on load");
    }
  }
}
