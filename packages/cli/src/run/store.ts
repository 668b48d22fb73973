import { resolve } from "node:path";
import type { View } from "@kappa4/bot";
import {
  backUpStore,
  type CheckReport,
  type Copied,
  checkStore,
  migrateStore,
  moveStore,
  restoreStore,
} from "@kappa4/sdk";
import type { CommandInput } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { newFile } from "./new-file.ts";
import { printAnswer } from "./print.ts";
import { checkAddress, placeOf, storeOf } from "./which-store.ts";

/** Brings a store up to date. */
export async function runStoreMigrate(input: CommandInput): Promise<number> {
  const store = await storeOf(input);
  const applied = await migrateStore(store);
  const text =
    applied.length === 0
      ? "The store is up to date."
      : `The store is up to date now: ${applied.join(", ")}.`;
  const place = placeOf(store);
  const view: View = {
    blocks: [
      { kind: "text", text, tone: "good" },
      { kind: "facts", facts: [{ name: "Store", value: place }] },
    ],
  };
  printAnswer(input, { store: place, applied }, view);
  return EXIT.ok;
}

/** Looks for holes in the walls between organisations. */
export async function runStoreCheck(input: CommandInput): Promise<number> {
  const store = await storeOf(input);
  const report = await checkStore(store);
  const place = placeOf(store);
  printAnswer(input, { store: place, ...report }, checkView(place, report));
  const hasHole = report.findings.some(({ severity }) => severity === "hole");
  return hasHole ? EXIT.failed : EXIT.ok;
}

/** Writes a whole store into a file. */
export async function runStoreBackup(input: CommandInput): Promise<number> {
  const store = await storeOf(input);
  const file = await newFile(input);
  const copied = await backUpStore(file, store);
  const place = placeOf(store);
  const view = copiedView(`Saved to ${file}`, { Store: place }, copied);
  printAnswer(input, { store: place, file, rows: copied }, view);
  return EXIT.ok;
}

/** Fills an empty store from a file. */
export async function runStoreRestore(input: CommandInput): Promise<number> {
  const file = fileOf(input);
  const reason = input.flags.text("reason");
  const store = await storeOf(input);
  const copied = await restoreStore(file, { ...store, reason });
  const place = placeOf(store);
  const view = copiedView(`Restored from ${file}`, { Store: place }, copied);
  printAnswer(input, { store: place, file, rows: copied }, view);
  return EXIT.ok;
}

/** Copies a whole store into an empty PostgreSQL. */
export async function runStoreMoveTo(input: CommandInput): Promise<number> {
  const { flags, io, positional: url = "" } = input;
  checkAddress(url, (what) => flags.wrong("URL", what));
  const ownerUrl = flags.text("owner");
  // DATABASE_URL may hold the new address already, and --owner is its login.
  const from = await storeOf(input, { isOld: true });
  const to = { url, ownerUrl, clock: io.clock };
  const [old, place] = [placeOf(from), placeOf(to)];
  if (old === place) {
    flags.wrong("URL", "is the store to move from; name that with --path or --database");
    flags.check();
  }
  const copied = await moveStore(from, to);
  const note = `${old} is as it was. Let the configuration or DATABASE_URL name the new address from now on; nothing that is written to the old store from now on is in the new one.`;
  const view = copiedView("Moved, every row compared", { From: old, To: place }, copied, note);
  printAnswer(input, { from: old, store: place, rows: copied }, view);
  return EXIT.ok;
}

function fileOf({ positional = "", io }: CommandInput): string {
  return resolve(io.cwd, positional);
}

function checkView(place: string, { findings, tables, attempts }: CheckReport): View {
  const holes = findings.filter(({ severity }) => severity === "hole").length;
  const text =
    holes === 0
      ? "No organisation can see or change what belongs to another one."
      : `${holes === 1 ? "1 hole" : `${holes} holes`} in the walls between organisations.`;
  const rows = findings.map(({ severity, message }) => [severity, message]);
  return {
    blocks: [
      { kind: "title", text: "Store" },
      { kind: "text", text, tone: holes === 0 ? "good" : "bad" },
      {
        kind: "facts",
        facts: [
          { name: "Where", value: place },
          { name: "Tables", value: String(tables) },
          { name: "Attempts on foreign rows", value: String(attempts) },
        ],
      },
      ...(rows.length === 0
        ? []
        : [
            {
              kind: "table" as const,
              caption: "Found",
              layout: "lines" as const,
              columns: [{ header: "Kind" }, { header: "What" }],
              rows,
              rowHeader: 1,
            },
          ]),
    ],
  };
}

function copiedView(
  title: string,
  places: Readonly<Record<string, string>>,
  copied: Copied,
  note?: string,
): View {
  const facts = Object.entries(places).map(([name, value]) => ({ name, value }));
  const rows = Object.entries(copied).map(([name, count]) => [name, String(count)]);
  const total = Object.values(copied).reduce((sum, count) => sum + count, 0);
  return {
    blocks: [
      { kind: "title", text: title },
      { kind: "facts", facts },
      {
        kind: "table",
        caption: "Rows",
        columns: [{ header: "Table" }, { header: "Rows", align: "right" }],
        rows: [...rows, ["all", String(total)]],
        rowHeader: 0,
      },
      ...(note === undefined ? [] : [{ kind: "note" as const, text: note }]),
    ],
  };
}
