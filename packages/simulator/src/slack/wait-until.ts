/** Resolves once something can be found, looking again after every change. Rejects after the timeout. */
export function waitUntil<T>(
  find: () => T | undefined,
  watch: (listener: () => void) => () => void,
  options: { readonly timeoutMs?: number | undefined; readonly what: string },
): Promise<T> {
  const { timeoutMs = 5_000, what } = options;
  return new Promise((resolve, reject) => {
    const stop = watch(() => look());
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`No ${what} within ${timeoutMs} ms.`));
    }, timeoutMs);
    const look = (): void => {
      const found = find();
      if (found === undefined) return;
      clearTimeout(timer);
      stop();
      resolve(found);
    };
    look();
  });
}
