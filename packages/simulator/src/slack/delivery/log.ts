import type { SlackDelivery } from "./envelope.ts";

/** The log of what was sent, which can be waited for. */
export class DeliveryLog {
  readonly #all: SlackDelivery[] = [];
  readonly #watchers = new Set<() => void>();

  add(delivery: SlackDelivery): SlackDelivery {
    this.#all.push(delivery);
    for (const watcher of [...this.#watchers]) watcher();
    return delivery;
  }

  list(): readonly SlackDelivery[] {
    return [...this.#all];
  }

  watch(listener: () => void): () => void {
    this.#watchers.add(listener);
    return () => {
      this.#watchers.delete(listener);
    };
  }
}
