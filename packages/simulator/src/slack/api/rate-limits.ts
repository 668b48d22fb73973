import { type Fields, textAt } from "../json.ts";
import type { ApiMethod } from "./method.ts";

const minuteMs = 60_000;
const post = "chat.postMessage";
/** Slack promises one message a second and channel and lets short bursts pass. */
const postBurst = 5;

/** Counts calls per method (posts also per channel) against Slack's documented rates. */
export class RateLimits {
  readonly #calls = new Map<string, number[]>();

  /** Notes a call; answers after how many seconds to come back when there were too many. */
  take(name: string, method: ApiMethod, args: Fields, now: number): number | undefined {
    if (name === post) {
      const key = `${name} ${textAt(args, "channel") ?? ""}`;
      return this.#window(key, now, postBurst, postBurst * 1000);
    }
    if (method.perMinute === undefined) return undefined;
    return this.#window(name, now, method.perMinute, minuteMs);
  }

  #window(key: string, now: number, most: number, lengthMs: number): number | undefined {
    const recent = (this.#calls.get(key) ?? []).filter((at) => now - at < lengthMs);
    const [oldest] = recent;
    if (recent.length >= most && oldest !== undefined) {
      this.#calls.set(key, recent);
      return Math.max(1, Math.ceil((oldest + lengthMs - now) / 1000));
    }
    this.#calls.set(key, [...recent, now]);
    return undefined;
  }
}
