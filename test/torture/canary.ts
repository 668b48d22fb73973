import { actAll } from "./canary/acts.ts";
import { type Canary, makeCanaries, ticketsIn } from "./canary/canaries.ts";
import { actInTerminal } from "./canary/cli-acts.ts";
import { facesOf } from "./canary/faces.ts";
import { makePlants, type Plant } from "./canary/plants.ts";
import { indiscretions } from "./canary/requests.ts";
import { Scanner, type Sighting } from "./canary/scan.ts";
import { dumpRows, filesOf, type StoredPart } from "./canary/store-dump.ts";
import { Witness } from "./canary/witness.ts";
import { openWorld, type World } from "./canary/world.ts";
import type { TortureOptions } from "./main.ts";
import { printTable } from "./tally.ts";

/**
 * Has a whole Kappa4, whose every secret is a text of its own, do all that it can, and looks for each of them
 * wherever anything of it can be seen. In the same scan leaks are planted, and each has to be found.
 */
export async function scanForCanaries(options: TortureOptions): Promise<void> {
  const { seed, database, tally } = options;
  const canaries = makeCanaries(seed);
  const plants = makePlants(seed, database === undefined);
  const witness = new Witness();
  const world = await openWorld(canaries, witness, database);
  try {
    await actAll(world, witness, canaries);
    await world.stop();
    await actInTerminal(world, witness, canaries);
    for (const { plant } of plants) await plant?.(world, witness);
    witness.end();
    const tickets = ticketsIn(world.doors.map((door) => String(door.answers())).join(), "silver");
    const secrets = [...Object.values(canaries), ...tickets];
    const looked = await lookEverywhere(world, witness, plants, secrets);
    for (const surprise of witness.surprises) tally.check(false, () => surprise);
    tally.check(tickets.length > 1, () => "nobody logged in");
    reportPlaces(looked, tally);
    reportPlants(plants, looked, options);
    console.log(
      `${witness.steps} things done, ${[...witness.errors.values()].reduce((a, b) => a + b, 0)} of them refused with ${witness.errors.size} codes`,
    );
  } finally {
    await world.close();
  }
}

/** What was looked through of one kind, and what was seen there. */
interface Looked {
  readonly kind: string;
  readonly place: string;
  readonly bytes: number;
  readonly sightings: readonly Sighting[];
}

async function lookEverywhere(
  world: World,
  witness: Witness,
  plants: readonly Plant[],
  secrets: readonly Canary[],
): Promise<readonly Looked[]> {
  const all = [...secrets, ...plants.map(({ canary }) => canary)];
  const scanner = new Scanner(all);
  const look = ({ place, content }: StoredPart): Looked => {
    const sightings = scanner.look(place, content);
    return { kind: kindOf(place), place, bytes: content.length, sightings };
  };
  const rows = await dumpRows(
    world.wholeStore,
    plants.flatMap(({ statement }) => statement ?? []),
  );
  const files = world.store.path === undefined ? [] : filesOf(world.store.path);
  const seen = [...witness.places].map(([place, content]) => ({ place, content }));
  const ourselves = [process.title, process.argv, process.execArgv, process.report.getReport()];
  const own = facesOf(ourselves).map(([face, content]) => ({ place: `process, ${face}`, content }));
  const lines = world.doors.map((door): Looked => {
    const requests = door.requests();
    const bytes = requests.reduce((sum, { line, body }) => sum + line.length + body.length, 0);
    const sightings = indiscretions(door.name, requests, all);
    return { kind: "HTTP requests", place: `HTTP to ${door.name}`, bytes, sightings };
  });
  return [...[...seen, ...rows, ...files, ...own].map(look), ...lines];
}

function kindOf(place: string): string {
  const [first = "", second = ""] = place.split(/[ ,.]/);
  if (first === "table") return `rows of ${second}`;
  return (
    { errors: "errors thrown", file: "files of the store", answers: "answers" }[first] ?? first
  );
}

function reportPlaces(looked: readonly Looked[], tally: TortureOptions["tally"]): void {
  const rows = new Map<string, [number, number, number]>();
  for (const { kind, bytes, sightings } of looked) {
    const leaks = sightings.filter(({ canary }) => !canary.startsWith("planted"));
    tally.check(leaks.length === 0, () => leaks.slice(0, 3).map(tell).join("\n       "));
    const [places, size, count] = rows.get(kind) ?? [0, 0, 0];
    rows.set(kind, [places + 1, size + bytes, count + leaks.length]);
  }
  console.log();
  printTable(
    ["Where secrets were looked for", "places", "kB", "seen"],
    [...rows].map(([kind, [places, size, count]]) => [kind, places, Math.ceil(size / 1000), count]),
  );
}

function reportPlants(
  plants: readonly Plant[],
  looked: readonly Looked[],
  { tally }: TortureOptions,
): void {
  const sightings = looked.flatMap((one) => one.sightings);
  const rows = plants.map(({ name, canary, place }) => {
    const found = sightings.find(
      (one) => one.canary === canary.name && one.place.startsWith(place),
    );
    tally.check(found !== undefined, () => `${name} was planted and not found`);
    return [name, found?.place ?? "nowhere", found?.form ?? "MISSED"];
  });
  console.log();
  printTable(["Planted", "found in", "written"], rows);
}

function tell({ canary, form, place, around }: Sighting): string {
  return `${canary} (${form}) in ${place}: ${around}`;
}
