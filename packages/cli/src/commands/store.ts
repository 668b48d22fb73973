import { type CommandSpec, defineCommand } from "../command.ts";
import { forceFlag, outputFlags } from "../flags/common-flags.ts";
import { storeFlags } from "../flags/store-flags.ts";

const ADDRESSES =
  "Addresses hold passwords, and command lines are seen by others: prefer DATABASE_URL and DATABASE_OWNER_URL.";

const WHICH =
  "Which store: --path or --database, else the store of the configuration, else DATABASE_URL, else .kappa4.";

/** What is done to a store as a whole. */
export const storeCommands: readonly CommandSpec[] = [
  defineCommand({
    name: "store migrate",
    summary: "Bring the store up to date, or make it; programs do so by themselves.",
    flags: { ...storeFlags, ...outputFlags },
    examples: ["store migrate", "store migrate --path /var/lib/kappa4"],
    notes: [WHICH, ADDRESSES],
    load: async () => (await import("../run/store.ts")).runStoreMigrate,
  }),
  defineCommand({
    name: "store check",
    summary: "Look for holes in the walls between organisations, also by trying; changes nothing.",
    flags: { ...storeFlags, ...outputFlags },
    examples: ["store check", "store check --json"],
    notes: ["Ends with 3 when there is a hole.", WHICH, ADDRESSES],
    load: async () => (await import("../run/store.ts")).runStoreCheck,
  }),
  defineCommand({
    name: "store backup",
    summary: "Write the whole store into a file, and read it back.",
    positional: { name: "FILE", summary: "the file to write", required: true },
    flags: { ...storeFlags, ...forceFlag, ...outputFlags },
    examples: ["store backup kappa4.backup", "store backup kappa4.backup --force"],
    notes: ["A PostgreSQL can be in use meanwhile; the embedded store cannot.", WHICH, ADDRESSES],
    load: async () => (await import("../run/store.ts")).runStoreBackup,
  }),
  defineCommand({
    name: "store restore",
    summary: "Fill an empty store from a backup, and compare every row.",
    positional: { name: "FILE", summary: "the backup", required: true },
    flags: {
      ...storeFlags,
      reason: { value: "TEXT", summary: "Why; goes on record in the audit." },
      ...outputFlags,
    },
    examples: ['store restore kappa4.backup --path restored --reason "The disk of gold is gone."'],
    notes: ["All of it is restored, or nothing.", WHICH, ADDRESSES],
    load: async () => (await import("../run/store.ts")).runStoreRestore,
  }),
  defineCommand({
    name: "store move-to",
    summary: "Copy the whole store into an empty PostgreSQL, and compare every row.",
    positional: { name: "URL", summary: "the database, postgres://...", required: true },
    flags: {
      ...storeFlags,
      database: {
        value: "URL",
        summary: "Move from this PostgreSQL. Default: the store of the configuration.",
      },
      owner: { value: "URL", summary: "The database to move to as the login that owns it." },
      ...outputFlags,
    },
    examples: [
      'store move-to "$DATABASE_URL"',
      "store move-to postgres://kappa4@db.example/kappa4",
    ],
    notes: [
      "Moves from --path or --database, else from the store of the configuration, else from .kappa4; never from DATABASE_URL.",
      "The old store stays as it was. All of it is copied, or nothing.",
    ],
    load: async () => (await import("../run/store.ts")).runStoreMoveTo,
  }),
];
