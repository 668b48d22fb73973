// `npm run --silent torture -- matrix --seed 7` tries one claim at length: prints a table and how many checks held.
import { parseArgs } from "node:util";
import { Tally } from "./tally.ts";

/** What a torture is given. */
export interface TortureOptions {
  /** What chance starts from; the same seed does the same. */
  readonly seed: number;
  /** How much of it; each torture has a number of its own as default. */
  readonly rounds: number | undefined;
  /** The address of a superuser of a PostgreSQL, to use instead of the embedded store. */
  readonly database: string | undefined;
  readonly tally: Tally;
}

interface Torture {
  readonly run: (options: TortureOptions) => Promise<void>;
}

/** Each is loaded only when it is asked for. */
const tortures: Readonly<Record<string, () => Promise<Torture>>> = {
  matrix: () => import("./matrix.ts"),
  approvals: () => import("./approvals.ts"),
  isolation: () => import("./isolation.ts"),
  audit: () => import("./audit.ts"),
  crash: () => import("./crash.ts"),
  "exactly-once": () => import("./exactly-once.ts"),
  migrations: () => import("./migrations.ts"),
};

/** What they try is not there on a server. */
const WITHOUT_SERVER: Readonly<Record<string, string>> = {
  matrix: "it opens no store",
  crash: "it ends the embedded store in the middle of its writing",
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string", default: "1" },
    rounds: { type: "string" },
    database: { type: "string" },
  },
});
const [name = ""] = positionals;
const load = tortures[name];
if (load === undefined) {
  console.error(`torture needs one of ${Object.keys(tortures).join(", ")}, not "${name}"`);
  process.exit(2);
}

const whyNot = WITHOUT_SERVER[name];
if (whyNot !== undefined && values.database !== undefined) {
  console.error(`torture ${name} cannot use a database: ${whyNot}; leave --database out`);
  process.exit(2);
}

const tally = new Tally();
const torture = await load();
await torture.run({
  seed: wholeNumber("seed", values.seed),
  rounds: values.rounds === undefined ? undefined : wholeNumber("rounds", values.rounds),
  database: values.database,
  tally,
});
console.log(`\n${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed === 0 && tally.passed > 0 ? 0 : 1;

function wholeNumber(flag: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  console.error(`--${flag} must be a whole number, not "${text}"`);
  return process.exit(2);
}
