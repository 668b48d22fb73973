import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { describe, expect, it } from "vitest";

/** Who may import whom. A room may always import itself. */
interface Room {
  readonly folder: string;
  /** What may be imported to run: packages by name, other rooms by the beginning of their path. */
  readonly runs: readonly string[];
  /** What may be imported for its types, besides that. Default: anything in the same package. */
  readonly types?: readonly string[];
  /** What may be imported only when it is needed, by `import()`. */
  readonly loads?: readonly string[];
  /** Words that must not occur in it. */
  readonly never?: RegExp;
}

const CONNECTORS = "packages/connectors/src";
const SDK = "packages/sdk/src";
const BOT = "packages/bot/src";

/** A pure room knows no time, no chance, no outside. */
const IMPURE =
  /\b(Date\.now|new Date\(\)|Math\.random|performance\.|process\.|setTimeout|setInterval|fetch\(|console\.|globalThis)/;
const ENVIRONMENT = /process\.env/;

/** Rooms that hold the actions of one noun each, and what only they need. */
const NOUNS = [
  "service",
  "configuring",
  "roles",
  "projects",
  "preferences",
  "orgs",
  "instances",
  "maintenance",
  "migrations",
  "events",
  "auditing",
  "logs",
] as const;

const ROOMS: readonly Room[] = [
  { folder: `${CONNECTORS}/contract`, runs: [], types: ["zod"], never: IMPURE },
  {
    folder: `${CONNECTORS}/transport`,
    runs: [
      `${CONNECTORS}/contract`,
      "ky",
      "p-retry",
      "p-queue",
      "undici",
      "node:crypto",
      "node:tls",
      "node:diagnostics_channel",
    ],
    types: [],
    never: ENVIRONMENT,
  },
  ...["proxmox", "lxd"].map((kind) => ({
    folder: `${CONNECTORS}/providers/${kind}`,
    runs: [
      `${CONNECTORS}/contract`,
      `${CONNECTORS}/transport`,
      `${CONNECTORS}/providers/http-options.ts`,
      "zod",
      "node:crypto",
      ...(kind === "proxmox" ? ["otpauth"] : []),
    ],
    types: kind === "proxmox" ? ["proxmox-api"] : [],
    never: ENVIRONMENT,
  })),
  {
    folder: `${CONNECTORS}/catalog.ts`,
    runs: [`${CONNECTORS}/contract`],
    loads: [`${CONNECTORS}/providers`],
    never: ENVIRONMENT,
  },
  { folder: `${SDK}/balancing`, runs: [], types: ["@kappa4/connectors"], never: IMPURE },
  { folder: `${SDK}/permissions`, runs: [], types: [], never: IMPURE },
  { folder: `${SDK}/approvals`, runs: [], types: [], never: IMPURE },
  {
    folder: `${SDK}/audit`,
    runs: [
      ...["@kappa4/connectors", `${SDK}/ids.ts`, `${SDK}/try-each.ts`, "canonicalize"],
      ...["node:crypto", "node:buffer"],
    ],
    never: IMPURE,
  },
  {
    folder: `${SDK}/config`,
    runs: [
      "@kappa4/connectors",
      `${SDK}/approvals`,
      `${SDK}/closest.ts`,
      `${SDK}/ourselves.ts`,
      "zod",
      "yaml",
      "node:fs",
      "node:path",
      "node:url",
    ],
  },
  {
    folder: `${SDK}/snapshot-file`,
    runs: ["@kappa4/connectors", `${SDK}/balancing`, `${SDK}/config`, "zod"],
    never: IMPURE,
  },
  {
    folder: `${SDK}/actions`,
    runs: [
      "@kappa4/connectors",
      "zod",
      "canonicalize",
      "node:crypto",
      `${SDK}/telemetry`,
      ...["permissions", "approvals", "config", "approving", "audit", "plans", "runs", "users"].map(
        (room) => `${SDK}/${room}`,
      ),
      `${SDK}/ids.ts`,
      // How dates travel in JSON; nothing that opens anything.
      `${SDK}/dated-json.ts`,
    ],
    never: ENVIRONMENT,
  },
  {
    folder: `${SDK}/runs`,
    runs: [
      "@kappa4/connectors",
      "zod",
      "node:os",
      `${SDK}/telemetry`,
      ...[
        "actions",
        "approvals",
        "approving",
        "audit",
        "plans",
        "clock.ts",
        "ids.ts",
        "ourselves.ts",
        "try-each.ts",
        "users/name-in.ts",
      ].map((room) => `${SDK}/${room}`),
      // What can be said without opening anything.
      ...["queue-schema.ts", "queue-jobs.ts", "is-passing.ts", "restored-by.ts"].map(
        (file) => `${SDK}/store/${file}`,
      ),
      "node:crypto",
    ],
    types: [SDK, "pg-boss"],
    loads: ["pg-boss"],
    never: ENVIRONMENT,
  },
  ...["approving", "plans", "users"].map((room) => ({
    folder: `${SDK}/${room}`,
    runs: [
      "@kappa4/connectors",
      "zod",
      "canonicalize",
      "node:crypto",
      ...[
        "actions",
        "approvals",
        "approving",
        "audit",
        "permissions",
        "plans",
        "runs",
        "users",
        "closest.ts",
        "ids.ts",
        "ourselves.ts",
      ].map((other) => `${SDK}/${other}`),
    ],
    never: ENVIRONMENT,
  })),
  // Nouns of Kappa4's own records: no vendor's library, no SQL, no environment.
  { folder: `${SDK}/settings`, runs: [], never: ENVIRONMENT },
  ...NOUNS.map((noun) => ({
    folder: `${SDK}/${noun}`,
    runs: [
      "@kappa4/connectors",
      "zod",
      "canonicalize",
      ...[
        "actions",
        "approvals",
        "approving",
        "audit",
        "config",
        "permissions",
        "runs",
        "users",
      ].map((room) => `${SDK}/${room}`),
      ...["rebalance", "settings", "ids.ts", "ourselves.ts", "version.ts"].map(
        (room) => `${SDK}/${room}`,
      ),
    ],
    never: ENVIRONMENT,
  })),
  ...["nodes", "guests", "rules", "cluster"].map((noun) => ({
    folder: `${SDK}/${noun}`,
    runs: [
      "@kappa4/connectors",
      "zod",
      `${SDK}/actions`,
      `${SDK}/closest.ts`,
      // A guest is found, and a cluster read, as the rebalance does it.
      `${SDK}/rebalance`,
    ],
    never: ENVIRONMENT,
  })),
  {
    folder: `${SDK}/rebalance`,
    runs: [
      "@kappa4/connectors",
      "zod",
      ...[
        "actions",
        "approvals",
        "balancing",
        "config",
        "settings",
        "snapshot-file",
        "closest.ts",
      ].map((room) => `${SDK}/${room}`),
      `${SDK}/clock.ts`,
      // How its moves are written down before they are begun.
      `${SDK}/runs/ledger.ts`,
      // How its plans, approvals and runs stand.
      ...["approving", "plans/get-plan.ts", "runs/get-run.ts", "runs/views.ts", "ids.ts"].map(
        (room) => `${SDK}/${room}`,
      ),
    ],
    // Whether what the store threw is trouble of the moment, for who stops a run.
    loads: [`${SDK}/store/is-passing.ts`],
    never: ENVIRONMENT,
  },
  {
    folder: `${SDK}/ids.ts`,
    runs: ["@kappa4/connectors"],
    never: ENVIRONMENT,
  },
  {
    folder: `${SDK}/telemetry`,
    runs: ["node:diagnostics_channel"],
    types: [],
    never: ENVIRONMENT,
  },
  {
    folder: `${SDK}/store`,
    runs: [
      `${SDK}/dated-json.ts`,
      `${SDK}/thread-arguments.ts`,
      "@kappa4/connectors",
      `${SDK}/ids.ts`,
      `${SDK}/clock.ts`,
      "@electric-sql/pglite",
      "kysely",
      "pg",
      // The tables of the queue are made here, with the others; the queue itself is the runs' business.
      "pg-boss/package.json",
      "node:",
    ],
    types: [`${SDK}/approvals`],
    loads: ["pg-boss"],
    never: ENVIRONMENT,
  },
  {
    folder: `${SDK}/store-worker.ts`,
    runs: [`${SDK}/store/embedded`, "node:worker_threads"],
    types: [],
    never: ENVIRONMENT,
  },
  { folder: `${BOT}/view`, runs: ["string-width"], never: IMPURE },
  {
    folder: `${BOT}/commands`,
    runs: ["@kappa4/sdk", `${BOT}/view`, "zod"],
    types: ["@kappa4/connectors", `${BOT}/core`],
    never: ENVIRONMENT,
  },
  {
    folder: `${BOT}/core`,
    runs: ["@kappa4/sdk", `${BOT}/view`, `${BOT}/commands`, "node:"],
    never: ENVIRONMENT,
  },
  {
    folder: `${BOT}/platforms/slack`,
    runs: ["@kappa4/sdk", BOT, "@slack/", "zod", "node:"],
    never: ENVIRONMENT,
  },
  {
    folder: `${BOT}/platforms/terminal`,
    runs: [`${BOT}/view`, `${BOT}/commands`, "node:util"],
    never: ENVIRONMENT,
  },
  { folder: "packages/simulator/src", runs: ["node:", "ws", "zod", "@slack/types", "selfsigned"] },
];

interface Import {
  readonly what: string;
  readonly way: "runs" | "types" | "loads";
}

const IMPORT =
  /^(?:import|export)\s(type\s)?[^;"]*?from\s"([^"]+)"|^import\s"([^"]+)"|\bimport\("([^"]+)"\)/gm;

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(IMPORT)].map(([, type, from, bare, dynamic]) => {
    const name = from ?? bare ?? dynamic ?? "";
    const what = name.startsWith(".") ? join(dirname(file), name) : name;
    return { what, way: dynamic ? "loads" : type ? "types" : "runs" };
  });
}

function isAmong(what: string, allowed: readonly string[]): boolean {
  return allowed.some((name) => {
    const isInside = name.startsWith("packages/") && what.startsWith(name);
    return (
      what === name ||
      isInside ||
      what.startsWith(`${name}/`) ||
      (/[:/]$/.test(name) && what.startsWith(name))
    );
  });
}

function breaches(room: Room): readonly string[] {
  const ownPackage = room.folder.split("/").slice(0, 3).join("/");
  const allowed = {
    runs: room.runs,
    types: [...room.runs, ...(room.types ?? [ownPackage, "@kappa4/"])],
    loads: [...room.runs, ...(room.loads ?? [])],
  };
  const files = room.folder.endsWith(".ts") ? [room.folder] : globSync(`${room.folder}/**/*.ts`);
  expect(files.length, room.folder).toBeGreaterThan(0);
  return files.flatMap((file) => {
    const foreign = importsOf(file)
      .filter(({ what, way }) => !what.startsWith(room.folder) && !isAmong(what, allowed[way]))
      .map(({ what, way }) => `${file} ${way} ${what}`);
    const words = room.never?.exec(codeOf(file))?.[0];
    return words === undefined ? foreign : [...foreign, `${file} says ${words}`];
  });
}

/** A file without its comments, which may speak of what the code must not do. */
function codeOf(file: string): string {
  return readFileSync(file, "utf8").replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
}

describe("rooms import what they may", () => {
  it.each(ROOMS)("$folder", (room) => {
    expect(breaches(room)).toEqual([]);
  });
});
