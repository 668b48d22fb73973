/**
 * Events that are remembered: who starts to listen late still hears everything from the beginning, and who
 * never listens holds nothing up.
 */
export class EventLog<Event> implements AsyncIterable<Event> {
  readonly #events: Event[] = [];
  #isEnded = false;
  #wake: PromiseWithResolvers<void> = Promise.withResolvers();

  /** Appends an event. */
  push(event: Event): void {
    this.#events.push(event);
    this.#notify();
  }

  /** Says that no event follows; iterators finish when they have told what there is. */
  end(): void {
    this.#isEnded = true;
    this.#notify();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Event> {
    for (let next = 0; ; next++) {
      while (next >= this.#events.length) {
        if (this.#isEnded) return;
        await this.#wake.promise;
      }
      yield this.#events[next] as Event;
    }
  }

  #notify(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }
}
