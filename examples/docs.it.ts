import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const pages = globSync(["*.md", "docs/**/*.md", "packages/*/README.md"], { cwd: root });

it.each(pages)("%s links only to what is there", (page) => {
  const text = readFileSync(join(root, page), "utf8");
  const links = [...text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)/g)].map(
    ([, link = ""]) => link,
  );
  expect(links.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
});

it("shows in the README the example that is tested", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  expect(readme).toContain(readFileSync(join(root, "examples/rebalance.ts"), "utf8"));
});
