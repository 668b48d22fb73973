import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** What makes a store for a suite: on a developer's machine an embedded one, elsewhere one on a server. */
const MAKER = "packages/sdk/test/store/support/fresh-store.ts";

/** They are about the embedded store, and have one wherever they run. */
const EMBEDDED = [
  "packages/bot/test/readme.it.ts",
  "packages/sdk/test/store/embedded.test.ts",
  "packages/sdk/test/store/failed-sync.test.ts",
];

/** They are about what is told in Slack, which knows of no store, and make one for each test: minutes on a server. */
const TOLD = [
  "packages/bot/test/approvals.it.ts",
  "packages/bot/test/slack-lines.it.ts",
  "packages/bot/test/slack.it.ts",
];

/** Returns every other suite, by its path within `root`, that can have a store on a server: by what its imports lead to. */
export function suitesWithStores(root: string): readonly string[] {
  const maker = join(root, MAKER);
  const all = globSync("packages/*/test/**/*.{test,it}.ts", { cwd: root }).sort();
  return all.filter(
    (suite) => ![...EMBEDDED, ...TOLD].includes(suite) && reachedFrom(join(root, suite)).has(maker),
  );
}

/** Walks along the relative imports of a file, and returns every file on the way. */
function reachedFrom(file: string, reached: Set<string> = new Set()): ReadonlySet<string> {
  if (reached.has(file)) return reached;
  reached.add(file);
  for (const [, path = ""] of readFileSync(file, "utf8").matchAll(
    /^(?:import|export|\}).* from "(\.[^"]+\.ts)";$/gm,
  )) {
    reachedFrom(join(dirname(file), path), reached);
  }
  return reached;
}

/** Returns the suites that say of themselves that they had a store on a server. */
export function suitesOf(root: string, told: string): readonly string[] {
  const suites = new Set(
    told
      .trim()
      .split("\n")
      .map((file) => relative(root, file)),
  );
  return [...suites].sort();
}
