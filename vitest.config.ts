import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig, type TestProjectConfiguration } from "vitest/config";

// Many suites start processes of their own, and half of what those take is reading the sources: it is done once.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(
  new URL("node_modules/.cache/node-compile", import.meta.url),
);

/** Suites against real servers and other people's clients: they install what they need, as root on Debian. */
const servers: TestProjectConfiguration = {
  extends: true,
  test: {
    name: "servers",
    include: ["test/**/*.it.ts"],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 300_000,
  },
};

/** Suites in which every test has a store of its own, or which end processes in the middle: minutes on two cores. */
const LONG = [
  "packages/bot/test/{slack,slack-lines,approvals}.it.ts",
  "packages/bot/test/core/*.it.ts",
  "packages/cli/test/{call,cluster,maintenance,store}.it.ts",
  "packages/sdk/test/{actions,approving,configuring,core,instances,orgs,roles,users}/**/*.it.ts",
  "packages/sdk/test/{rebalance/status,runs/cancel,runs/halted}.it.ts",
  "packages/sdk/test/store/check/**/*.test.ts",
  "packages/sdk/test/store/transfer.test.ts",
];

const long: TestProjectConfiguration = {
  extends: true,
  test: {
    name: "long",
    include: LONG,
    testTimeout: 180_000,
    hookTimeout: 60_000,
    // Their stores live a second or two: making the code of the database fast takes longer than it saves.
    execArgv: ["--liftoff-only"],
  },
};

/**
 * Rooms whose test files leave nothing behind: those of one worker share what they import, which for many takes longer
 * than all their tests. What they have in common closes by onTestFinished, not by an afterEach of its own.
 */
const TOGETHER = [
  "packages/bot/test/commands/**/*.test.ts",
  "packages/connectors/test/**/*.test.ts",
  "packages/sdk/test/{approvals,balancing,config,permissions,snapshot-file}/**/*.test.ts",
];

/** The packages are linked into each other's node_modules as well: without this each suite runs several times. */
const NOT_EVERYBODYS = [...configDefaults.exclude, ...LONG];

const isWanted = process.env.KAPPA4_SERVERS === "required";
const isLong = process.env.KAPPA4_LONG === "required";
if (!isLong) {
  console.log(
    "Left out: the long suites of Slack, the command line, people and the store; KAPPA4_LONG=required npm test runs them.",
  );
}
if (!isWanted) {
  console.log(
    "Left out: the suites against real servers in test/, which install software as root.",
  );
  console.log("KAPPA4_SERVERS=required npm test runs them too.");
}

export default defineConfig({
  // Vite adds "import" where something is imported; named here, a `require` inside a package would follow it too.
  ssr: { resolve: { conditions: ["@kappa4/source", "node", "default"] } },
  test: {
    // Most of a suite's time is waiting, for processes and for answers on loopback.
    maxWorkers: availableParallelism() + 1,
    // A hang must end; a busy machine must not fail a test.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["packages/*/test/**/*.test.ts", "test/*.test.ts"],
          exclude: [...NOT_EVERYBODYS, ...TOGETHER],
        },
      },
      {
        extends: true,
        test: {
          name: "together",
          include: TOGETHER,
          exclude: NOT_EVERYBODYS,
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["packages/*/test/**/*.it.ts", "examples/**/*.it.ts"],
          exclude: NOT_EVERYBODYS,
          testTimeout: 180_000,
        },
      },
      ...(isLong ? [long] : []),
      ...(isWanted ? [servers] : []),
    ],
  },
});
