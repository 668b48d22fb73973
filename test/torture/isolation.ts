import { Dice } from "../../packages/sdk/test/balancing/dice.ts";
import {
  actThere,
  askAcross,
  askFromElsewhere,
  callByRole,
  missingInputs,
  seenBy,
} from "../../packages/sdk/test/core/isolation.ts";
import { openTwoOrgs } from "../../packages/sdk/test/core/two-orgs.ts";
import { HOLES, type Hole, ROLE_HOLES } from "../../packages/sdk/test/store/check/holes.ts";
import {
  missed,
  openPlanting,
  type Planting,
} from "../../packages/sdk/test/store/check/planting.ts";
import type { TortureOptions } from "./main.ts";
import { printTable } from "./tally.ts";

/** The walls between organisations hold, and every hole in them is found, alone and beside another one. */
export async function run({ seed, rounds = 20, database, tally }: TortureOptions): Promise<void> {
  const planting = await openPlanting(database);
  try {
    await whole(planting, tally);
    // Roles are the whole server's: they are weakened only where nobody else has them.
    const holes = planting.isOnServer ? HOLES : [...HOLES, ...ROLE_HOLES];
    const rows: (readonly unknown[])[] = [];
    for (const hole of holes) rows.push(await broken(planting, [hole], tally));
    printTable(["Planted", "has to show", "findings", ""], rows);

    const dice = new Dice(seed);
    const pairs: (readonly unknown[])[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const one = dice.pick(holes);
      const places = new Set(placesOf(one));
      const other = dice.pick(holes.filter((hole) => !placesOf(hole).some((it) => places.has(it))));
      pairs.push(await broken(planting, [one, other], tally));
    }
    console.log(`\nPairs of holes, from seed ${seed}`);
    printTable(["Planted", "has to show", "findings", ""], pairs);
    await whole(planting, tally);
  } finally {
    await planting.close();
  }
  await acrossOrgs(database, tally);
}

/** Every action between two organisations, by people of every role: nothing is seen, nothing changed. */
async function acrossOrgs(database: string | undefined, tally: Tally): Promise<void> {
  await using two = await openTwoOrgs(database);
  const who = [...two.people.keys()];
  const trials = [
    ["asked for what is another's", await askAcross(two, who)],
    ["acted in the other one", await actThere(two, who)],
    ["asked for what is on another connection", await askFromElsewhere(two)],
  ] as const;
  const seen = await seenBy(two, "every");
  const byRole = ["did what their role says, or were refused", await callByRole(two)] as const;
  const rows = [...trials, byRole].map(([what, { calls, complaints }]) => {
    for (const complaint of complaints) tally.check(false, () => `${what}: ${complaint}`);
    tally.check(calls > 0 && complaints.length === 0, () => {
      return `${what}: ${complaints.length} complaints in ${calls} calls`;
    });
    return [what, calls, complaints.length];
  });
  console.log(`\nTwo organisations, every action, ${who.length} people of one of them`);
  printTable(["Calls in which they", "calls", "complaints"], rows);
  const missing = missingInputs(two);
  tally.check(missing.length === 0, () => `not tried: ${missing.join(", ")}`);
  tally.check(seen.length > 15, () => `only ${seen.length} actions show rows to their own people`);
  console.log(`${seen.length} actions show rows to their own people, and would to others`);
}

type Tally = TortureOptions["tally"];

async function whole(planting: Planting, tally: Tally): Promise<void> {
  const { findings, attempts, tables } = await planting.check();
  const { engine } = planting.database;
  console.log(`${engine}: ${attempts} attempts on ${tables} tables, ${findings.length} findings\n`);
  for (const { message } of findings) tally.check(false, () => message);
  tally.check(attempts > 0 && findings.length === 0, () => {
    return `${findings.length} findings in ${attempts} attempts`;
  });
}

async function broken(
  planting: Planting,
  holes: readonly Hole[],
  tally: Tally,
): Promise<readonly unknown[]> {
  const report = await planting.check(holes);
  const expected = holes.flatMap(({ found }) => found);
  const lost = holes.flatMap((hole) => missed(hole, report));
  for (const one of expected) tally.check(!lost.includes(one), () => `${one} was not found`);
  const names = holes.map(({ name }) => name).join(" + ");
  return [names, expected.length, report.findings.length, lost.length === 0 ? "found" : "MISSED"];
}

/** The tables and roles that a hole is in: two in one place would get into each other's way. */
function placesOf({ make }: Hole): readonly string[] {
  return make.flatMap((statement) => statement.match(/kappa4\.\w+|role \w+/g) ?? []);
}
