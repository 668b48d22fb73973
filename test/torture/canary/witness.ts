import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Logger } from "../../../packages/sdk/src/index.ts";
import { facesOf } from "./faces.ts";

/** Remembers all that Kappa4 lets others see, by the place where it was seen. */
export class Witness {
  readonly #seen = new Map<string, string[]>();
  readonly #channels = ["request", "operation", "action", "run"].map((name) => `kappa4:${name}`);
  /** Takes every level, the most talkative too, as it comes. */
  readonly logger: Logger = {
    debug: (fields, message) => this.#log("debug", fields, message),
    info: (fields, message) => this.#log("info", fields, message),
    warn: (fields, message) => this.#log("warn", fields, message),
    error: (fields, message) => this.#log("error", fields, message),
  };
  /** How often something was done. */
  steps = 0;
  /** What did not end as it was to. */
  readonly surprises: string[] = [];
  /** How many errors were thrown, by their code. */
  readonly errors = new Map<string, number>();

  constructor() {
    for (const name of this.#channels) subscribe(name, this.#published);
  }

  /** What was seen, by place; the parts of a place are one text. */
  get places(): ReadonlyMap<string, string> {
    return new Map([...this.#seen].map(([place, parts]) => [place, parts.join("")]));
  }

  /** Remembers a text. */
  see(place: string, text: string): void {
    const parts = this.#seen.get(place) ?? [];
    parts.push(text);
    this.#seen.set(place, parts);
  }

  /** Remembers everything that a value can be made to show. */
  seeFaces(place: string, value: unknown): void {
    for (const [, text] of facesOf(value)) this.see(place, `${text}\n`);
  }

  /**
   * Does something, and remembers what it answers or throws. `expected`: `answer`, or the code of an error; anything
   * else is a surprise, as the scan has then not seen what it came for.
   */
  async watch(what: string, work: () => Promise<unknown>, expected?: string): Promise<void> {
    this.steps += 1;
    const came = await this.#see(what, work);
    if (expected !== undefined && came !== expected)
      this.surprises.push(`${what}: ${came} instead of ${expected}`);
  }

  async #see(what: string, work: () => Promise<unknown>): Promise<string> {
    try {
      const answer = await work();
      const isStream =
        typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer;
      if (!isStream) {
        this.see("answers", `${what}: ${JSON.stringify(answer)}\n`);
        return "answer";
      }
      for await (const part of answer as AsyncIterable<unknown>) {
        this.see("answers", typeof part === "string" ? part : `${JSON.stringify(part)}\n`);
        if (typeof part !== "string") break;
      }
      return "answer";
    } catch (error) {
      const code = String(Object(error).code ?? Object(error).name);
      this.errors.set(code, (this.errors.get(code) ?? 0) + 1);
      this.seeFaces(`errors (${what})`, error);
      return code;
    }
  }

  /** Listens no more. */
  end(): void {
    for (const name of this.#channels) unsubscribe(name, this.#published);
  }

  #log(level: string, fields: object, message: string): void {
    this.see("log", `${level} ${message}\n`);
    this.seeFaces("log", fields);
    for (const value of Object.values(fields)) this.seeFaces("log", value);
  }

  readonly #published = (message: unknown, name: string | symbol): void => {
    this.seeFaces(`channel ${String(name)}`, message);
  };
}
