import { Kappa4Error } from "@kappa4/connectors";

/** Called for each that fails, at once. */
export type OnFailure<Item> = (item: Item, error: unknown) => void;

/**
 * Does the work for one after another, also for those behind one that fails. Throws at the end what failed first, and how
 * many did.
 */
export async function tryEach<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
  onFailure: OnFailure<Item> = () => {},
): Promise<void> {
  const errors: unknown[] = [];
  for (const item of items) {
    try {
      await work(item);
    } catch (error) {
      errors.push(error);
      onFailure(item, error);
    }
  }
  if (errors.length === 0) return;
  const [cause] = errors;
  const why = cause instanceof Error ? cause.message : String(cause);
  const message = `It failed for ${errors.length} of ${items.length}, and was done for the others. The first one said: ${why}`;
  const { code = "internal", context } = Kappa4Error.is(cause) ? cause : {};
  throw new Kappa4Error(code, message, { cause, context });
}
