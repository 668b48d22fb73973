import type { Dice } from "../../../packages/sdk/test/balancing/dice.ts";
import { failASync } from "../../../packages/sdk/test/store/support/fail-a-sync.ts";
import type { Tally } from "../tally.ts";

/**
 * One store, whose disk fails again and again to keep what is written, once in the life of each program: the program
 * ends by itself, everybody is told, and nothing that was said to be committed is gone when the next one opens it.
 */
export async function failedSyncs(
  path: string,
  dice: Dice,
  rounds: number,
  tally: Tally,
): Promise<readonly unknown[]> {
  const committed: number[] = [];
  let lost = 0;
  for (let round = 1; round <= rounds; round += 1) {
    // Numbers that nobody can know of are not used again: their rows may be there.
    const seen = await failASync(path, dice.whole(1, 150), round * 1000);
    committed.push(...seen.committed);
    const found = new Set(seen.found);
    const missing = committed.filter((number) => !found.has(number));
    lost += missing.length;
    tally.check(missing.length === 0, () => `failed sync ${round}: rows ${missing} are gone`);
    const { exitCode, isClosed, errors } = seen;
    tally.check(exitCode === 0 && isClosed && errors === "", () => {
      return `failed sync ${round}: the program ended with ${exitCode}: ${errors}`;
    });
    const told = [...seen.refused, ...seen.later, ...seen.lost];
    tally.check(told.length > 0 && told.every(({ code }) => code === "unavailable"), () => {
      return `failed sync ${round}: it was told ${JSON.stringify(told)}`;
    });
    tally.check(
      seen.later.every(({ outcome }) => outcome === "not_applied"),
      () => {
        return `failed sync ${round}: the store went on, or said that it may have`;
      },
    );
  }
  return ["failed sync", rounds, committed.length, lost, ""];
}
