import { createRandom, type Random } from "../../proxmox/random.ts";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const hexDigits = "0123456789abcdef";

/** Makes the identifiers of the workspace in Slack's forms; the same seed gives the same ones. */
export class SlackIds {
  readonly random: Random;
  #lastMicros = 0;

  constructor(seed: number) {
    this.random = createRandom(seed, "slack");
  }

  /** An id like `U0A1B2C3D4E` for the given first letter(s). */
  id(prefix: string): string {
    return `${prefix}0${this.#text(letters, 9)}`;
  }

  /** A message time stamp: seconds and microseconds, never the same twice. */
  ts(now: number): string {
    this.#lastMicros = Math.max(this.#lastMicros + 1, Math.floor(now) * 1000);
    const seconds = Math.floor(this.#lastMicros / 1_000_000);
    const micros = this.#lastMicros % 1_000_000;
    return `${seconds}.${String(micros).padStart(6, "0")}`;
  }

  uuid(): string {
    const groups = [8, 4, 4, 4, 12].map((length) => this.#text(hexDigits, length));
    return groups.join("-");
  }

  /** A short id as Slack gives to blocks and elements without one. */
  short(): string {
    return this.#text(letters, 5);
  }

  secret(): string {
    return this.#text(letters, 24);
  }

  hex(length: number): string {
    return this.#text(hexDigits, length);
  }

  number(digits: number): string {
    return `1${this.#text("0123456789", digits - 1)}`;
  }

  #text(alphabet: string, length: number): string {
    let text = "";
    for (let i = 0; i < length; i++) text += alphabet[this.random.integer(0, alphabet.length - 1)];
    return text;
  }
}
