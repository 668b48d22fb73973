// `node hunt.ts <seed> <calls> [server]`: fuzzes a Kappa4 with each hole in turn until somebody complains, and says of each, as a
// line of JSON, after how many calls and of what.
import { Dice } from "../../../packages/sdk/test/balancing/dice.ts";
import { PLANTED_HOLES } from "./holes.ts";
import { openHole, plant } from "./plant.ts";

/** What became of the hunt for one hole. */
export interface Hunted {
  readonly name: string;
  readonly calls: number;
  /** Undefined where nobody has complained. */
  readonly complaint?: string | undefined;
}

const [seed = "1", calls = "1", server] = process.argv.slice(2);
plant(PLANTED_HOLES);
// Only now: what is imported before has no holes.
const { fuzzReal } = await import("../../../packages/sdk/test/approvals/real/fuzz.ts");

for (const hole of PLANTED_HOLES) {
  openHole(hole);
  let complaint: string | undefined;
  const report = await fuzzReal(
    new Dice(Number(seed)),
    Number(calls),
    (one) => {
      complaint ??= one;
    },
    { isEnough: () => complaint !== undefined, server: server || undefined },
  );
  const hunted: Hunted = { name: hole.name, calls: report.calls, complaint };
  console.log(JSON.stringify(hunted));
}
