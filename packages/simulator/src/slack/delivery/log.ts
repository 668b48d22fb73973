import { Bell } from "../wait-for.ts";
import type { SlackDelivery } from "./envelope.ts";

/** The log of what was sent, which can be waited for. */
export class DeliveryLog {
  readonly bell: Bell<SlackDelivery> = new Bell();
  readonly #all: SlackDelivery[] = [];

  add(delivery: SlackDelivery): SlackDelivery {
    this.#all.push(delivery);
    this.bell.ring(delivery);
    return delivery;
  }

  list(): readonly SlackDelivery[] {
    return [...this.#all];
  }
}
