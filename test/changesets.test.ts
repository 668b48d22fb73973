import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const packages = globSync("packages/*/package.json").map(
  (file) => JSON.parse(readFileSync(file, "utf8")).name,
);
const changesets = globSync(".changeset/*.md");

describe("what users are told of changes", () => {
  it("is there", () => {
    expect(changesets.length).toBeGreaterThan(0);
  });

  it.each(changesets)("%s names packages that there are", (file) => {
    const [, head = "", words = ""] = readFileSync(file, "utf8").split(/^---$/m);
    const named = [...head.matchAll(/^"(.+)": (?:major|minor|patch)$/gm)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(0);
    expect(packages).toEqual(expect.arrayContaining(named));
    expect(words.trim()).not.toBe("");
  });
});
