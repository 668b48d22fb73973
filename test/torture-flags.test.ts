import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
/** Nobody listens there. */
const NOWHERE = "postgres://nobody@127.0.0.1:1/nothing";

function torture(...words: readonly string[]) {
  const args = ["--conditions=@kappa4/source", "test/torture/main.ts", ...words];
  return spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
}

describe("torture --database", () => {
  it.each(["matrix", "crash"])("is refused by %s, which cannot use it", (name) => {
    const { status, stderr } = torture(name, "--database", NOWHERE);
    expect(stderr).toMatch(/^torture \w+ cannot use a database: .*; leave --database out\n$/);
    expect(status).toBe(2);
  });

  it("is where approvals goes: with a database that is away nothing is tried elsewhere", () => {
    const { status, stderr } = torture("approvals", "--rounds", "10", "--database", NOWHERE);
    expect(stderr).toContain("ECONNREFUSED");
    expect(status).toBe(1);
  });
});
