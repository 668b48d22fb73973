/**
 * Leaves items out, the last ones first, as long as the rest is still in conflict. What is left is in conflict, and
 * without any one of it would not be.
 */
export function smallestSet<Item>(
  items: readonly Item[],
  isConflict: (rest: readonly Item[]) => boolean,
): readonly Item[] {
  let left = items;
  for (const item of items.toReversed()) {
    const rest = left.filter((other) => other !== item);
    if (isConflict(rest)) left = rest;
  }
  return left;
}
