import { fuzzReal } from "../../../packages/sdk/test/approvals/real/fuzz.ts";
import { type RealFuzzReport, SEEN } from "../../../packages/sdk/test/approvals/real/report.ts";
import { FLAWS, FLAWS_OF, TRIES } from "../../../packages/sdk/test/approvals/real/trials.ts";
import { Dice } from "../../../packages/sdk/test/balancing/dice.ts";
import type { TortureOptions } from "../main.ts";
import { byCount, printTable } from "../tally.ts";

/** So many steps of the state machine for one call of the actions. */
const STEPS_PER_CALL = 10;
/** From so many calls on everything has to have happened often enough, or the fuzz tries nothing any more. */
const MANY_CALLS = 3000;
/** Of each so many, whatever the seed; most come many times as often. */
const LEAST = {
  taken: 4,
  refused: 20,
  flaw: 3,
  again: 10,
  seen: 5,
  began: 5,
  replayed: 10,
};
/** That a plan is of a higher class by the time of its vote takes several chances at once. */
const RISES_IN = 5000;
/** Runs of each class have to begin. */
const CLASSES = [1, 2, 3, 4];

/** How many calls of the actions go with so many rounds. */
export function callsIn({ rounds = 50_000 }: TortureOptions): number {
  return Math.max(1, Math.round(rounds / STEPS_PER_CALL));
}

/**
 * Fuzzes the actions of a Kappa4 with a store and clusters. Whatever was judged is a check of its own: each call that
 * took effect, all that the store says became of a plan, and each move.
 */
export async function fuzzActions(options: TortureOptions): Promise<void> {
  const { seed, tally, database: server } = options;
  let complaints = 0;
  const check = (complaint: string | undefined): void => {
    complaints += complaint === undefined ? 0 : 1;
    tally.check(complaint === undefined, () => complaint ?? "");
  };
  const report = await fuzzReal(new Dice(seed), callsIn(options), check, { server });
  print(report, server === undefined ? "an embedded store" : "a store on the server");
  const { calls, moves, replayed, risen } = report;
  console.log(
    `\n${calls} calls from seed ${seed}, ${moves} moves, ${replayed} answered as before, ${risen} of a higher class than planned, ${complaints} privileged effects\n`,
  );
  if (calls < MANY_CALLS) return;
  for (const { what, count, least } of countsOf(report)) {
    tally.check(count >= least, () => `${what}: ${count} times, of at least ${least}`);
  }
}

function print({ tries, seen, refusals, began, unbegun }: RealFuzzReport, store: string): void {
  console.log(
    `Through the actions, with ${store} and clusters: what people tried, and why alone they must not`,
  );
  printTable(
    ["Tried", "taken", "refused", ...FLAWS, "again"],
    TRIES.map((what) => {
      const { taken, refused, flaws, again } = tries[what];
      const told = FLAWS.map((flaw) => (FLAWS_OF[what].includes(flaw) ? flaws[flaw] : "-"));
      return [what, taken, refused, ...told, again];
    }),
  );
  console.log();
  printTable(
    ["Seen to happen", "times"],
    SEEN.map((what) => [what, seen[what]]),
  );
  console.log();
  printTable(["Refused with", "times"], byCount(refusals));
  console.log();
  printTable(["Allowed and not begun", "times"], byCount(unbegun));
  console.log();
  printTable(
    ["Runs of class", "began"],
    [...began].sort(([one], [other]) => one - other),
  );
}

interface Counted {
  readonly what: string;
  readonly count: number;
  readonly least: number;
}

/** All that must not become rare without that anybody notices. */
function countsOf(report: RealFuzzReport): readonly Counted[] {
  const { calls, tries, seen, began, replayed, risen } = report;

  return [
    ...TRIES.flatMap((what) => {
      const { taken, refused, flaws, again } = tries[what];
      return [
        // Only Kappa4 itself does that.
        ...(what === "attend" ? [] : [{ what: `${what} taken`, count: taken, least: LEAST.taken }]),
        { what: `${what} refused`, count: refused, least: LEAST.refused },
        { what: `${what} again`, count: again, least: LEAST.again },
        ...FLAWS_OF[what].map((flaw) => {
          return { what: `${what} though ${flaw}`, count: flaws[flaw], least: LEAST.flaw };
        }),
      ];
    }),
    ...SEEN.map((what) => ({ what, count: seen[what], least: LEAST.seen })),
    ...CLASSES.map((risk) => {
      return { what: `begun of class ${risk}`, count: began.get(risk) ?? 0, least: LEAST.began };
    }),
    { what: "answered as before", count: replayed, least: LEAST.replayed },
    { what: "of a higher class than planned", count: risen, least: Math.floor(calls / RISES_IN) },
  ];
}
