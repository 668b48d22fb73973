import { defineConfig } from "vitest/config";

export default defineConfig({
  ssr: { resolve: { conditions: ["@kappa4/source", "node", "import", "module", "default"] } },
  test: {
    projects: [
      { extends: true, test: { name: "unit", include: ["packages/*/test/**/*.test.ts"] } },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["packages/*/test/**/*.it.ts", "examples/**/*.it.ts", "test/**/*.it.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
