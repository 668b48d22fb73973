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
import { lookOf, printAnswer } from "./print.ts";
import { checkAddress, storeOf } from "./which-store.ts";

/** Brings a store up to date. */
export async function runStoreMigrate(input: CommandInput): Promise<number> {
  const store = storeOf(input);
  const applied = await migrateStore(store);
  const text =
    applied.length === 0
      ? "The store is up to date."
      : `The store is up to date now: ${applied.join(", ")}.`;
  printAnswer(input, { applied }, { blocks: [{ kind: "text", text, tone: "good" }] });
  return EXIT.ok;
}

/** Looks for holes in the walls between organisations. */
export async function runStoreCheck(input: CommandInput): Promise<number> {
  const report = await checkStore(storeOf(input));
  printAnswer(input, report, checkView(report));
  const hasHole = report.findings.some(({ severity }) => severity === "hole");
  return hasHole ? EXIT.failed : EXIT.ok;
}

/** Writes a whole store into a file. */
export async function runStoreBackup(input: CommandInput): Promise<number> {
  const store = storeOf(input);
  const file = await newFile(input);
  const copied = await backUpStore(file, store);
  printAnswer(input, { file, rows: copied }, copiedView(`Saved to ${file}`, copied));
  return EXIT.ok;
}

/** Fills an empty store from a file. */
export async function runStoreRestore(input: CommandInput): Promise<number> {
  const file = fileOf(input);
  const reason = input.flags.text("reason");
  const copied = await restoreStore(file, { ...storeOf(input), reason });
  printAnswer(input, { file, rows: copied }, copiedView(`Restored from ${file}`, copied));
  return EXIT.ok;
}

/** Copies a whole store into an empty PostgreSQL. */
export async function runStoreMoveTo(input: CommandInput): Promise<number> {
  const { flags, io, positional: url = "" } = input;
  lookOf(input, io.stdout);
  checkAddress(url, (what) => flags.wrong("URL", what));
  const ownerUrl = flags.text("owner");
  const database = flags.text("database");
  const from = storeOf({
    ...input,
    flags,
    io: { ...io, env: { ...io.env, DATABASE_URL: undefined, DATABASE_OWNER_URL: undefined } },
  });
  const copied = await moveStore(from, { url, ownerUrl, clock: io.clock });
  const old = database === undefined ? `The store in ${from.path}` : "The old database";
  const note = `${old} is as it was. Set DATABASE_URL to the new address from now on; nothing that is written to the old store from now on is in the new one.`;
  printAnswer(input, { rows: copied }, copiedView("Moved, every row compared", copied, note));
  return EXIT.ok;
}

function fileOf({ positional = "", io }: CommandInput): string {
  return resolve(io.cwd, positional);
}

function checkView({ findings, tables, attempts }: CheckReport): View {
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

function copiedView(title: string, copied: Copied, note?: string): View {
  const rows = Object.entries(copied).map(([name, count]) => [name, String(count)]);
  const total = Object.values(copied).reduce((sum, count) => sum + count, 0);
  return {
    blocks: [
      { kind: "title", text: title },
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
