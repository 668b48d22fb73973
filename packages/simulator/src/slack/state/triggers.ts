import { slackLimits } from "../limits.ts";
import { Refusal } from "../refusal.ts";
import type { SlackIds } from "./ids.ts";
import type { SlackTime } from "./time.ts";

/** Whose action a trigger stands for. */
export interface Trigger {
  readonly userId: string;
  /** The view in which it happened, if any. */
  readonly viewId: string | undefined;
}

/** The short-lived permits to open a view. */
export class TriggerStore {
  readonly #known = new Map<string, Trigger & { readonly at: number }>();
  readonly #used = new Set<string>();
  readonly #ids: SlackIds;
  readonly #time: SlackTime;

  constructor(ids: SlackIds, time: SlackTime) {
    this.#ids = ids;
    this.#time = time;
  }

  issue(userId: string, viewId: string | undefined): string {
    const id = `${this.#ids.number(13)}.${this.#ids.number(12)}.${this.#ids.hex(32)}`;
    this.#known.set(id, { userId, viewId, at: this.#time.now() });
    return id;
  }

  /** Redeems a trigger once, within three seconds. Throws the refusal that Slack answers otherwise. */
  exchange(id: string): Trigger {
    const trigger = this.#known.get(id);
    if (trigger === undefined) throw new Refusal("invalid_trigger_id");
    if (this.#used.has(id)) throw new Refusal("exchanged_trigger_id");
    if (this.#time.now() - trigger.at > slackLimits.triggerMs) {
      throw new Refusal("expired_trigger_id");
    }
    this.#used.add(id);
    return trigger;
  }
}
