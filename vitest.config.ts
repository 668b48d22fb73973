import { availableParallelism } from "node:os";
import { defineConfig, type TestProjectConfiguration } from "vitest/config";

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

const isWanted = process.env.KAPPA4_SERVERS === "required";
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
    projects: [
      {
        extends: true,
        test: { name: "unit", include: ["packages/*/test/**/*.test.ts", "test/*.test.ts"] },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["packages/*/test/**/*.it.ts", "examples/**/*.it.ts"],
          testTimeout: 180_000,
        },
      },
      ...(isWanted ? [servers] : []),
    ],
  },
});
