/** Where things come from that can be waited for. */
export interface Source<T> {
  /** Looks among what is there already. */
  readonly find: () => T | undefined;
  /** Calls back with each thing that fits from now on, until the returned function is called. */
  readonly watch: (take: (found: T) => void) => () => void;
  /** Names the thing in the error. */
  readonly what: string;
}

/** Resolves with the first thing that fits. Rejects after the timeout, default 30 000 real milliseconds. */
export function waitFor<T>(source: Source<T>, timeoutMs: number = 30_000): Promise<T> {
  const found = source.find();
  if (found !== undefined) return Promise.resolve(found);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`No ${source.what} within ${timeoutMs} ms.`));
    }, timeoutMs);
    const stop = source.watch((item) => {
      clearTimeout(timer);
      stop();
      resolve(item);
    });
  });
}

/** Calls everybody who listens with each thing that happens. */
export class Bell<T> {
  readonly #listeners = new Set<(item: T) => void>();

  ring(item: T): void {
    for (const listener of [...this.#listeners]) listener(item);
  }

  listen(listener: (item: T) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Listens for the things that a predicate holds for. */
  listenFor(predicate: (item: T) => boolean, listener: (item: T) => void): () => void {
    return this.listen((item) => {
      if (predicate(item)) listener(item);
    });
  }
}
