import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import * as balancing from "../src/balancing/index.ts";
import * as sdk from "../src/index.ts";

describe("the doors of @kappa4/sdk", () => {
  it("lead to these names", () => {
    expect(Object.keys(sdk).sort()).toMatchSnapshot("@kappa4/sdk");
    expect(Object.keys(balancing).sort()).toMatchSnapshot("@kappa4/sdk/balancing");
  });

  it("load no provider, no store and no library, and the engine nothing at all", () => {
    const sdk = modulesOf("@kappa4/sdk");
    expect(sdk.length).toBeGreaterThan(5);
    expect(sdk.filter((url) => /\/providers\/|\/sdk\/src\/store\//.test(url))).toEqual([]);
    expect(sdk.filter((url) => url.includes("/node_modules/"))).toEqual([]);
    const engine = modulesOf("@kappa4/sdk/balancing");
    expect(engine.length).toBeGreaterThan(5);
    expect(engine.filter((url) => !url.includes("/sdk/src/balancing/"))).toEqual([]);
  });
});

/** The files that a process loads for an import. */
function modulesOf(entry: string): readonly string[] {
  const hook = `import { registerHooks } from "node:module";
    const seen = [];
    registerHooks({ load(url, context, next) { seen.push(url); return next(url, context); } });
    await import(${JSON.stringify(entry)});
    console.log(JSON.stringify(seen));`;
  const output = execFileSync(
    process.execPath,
    ["--conditions=@kappa4/source", "--input-type=module", "--eval", hook],
    { cwd: fileURLToPath(new URL("..", import.meta.url)), encoding: "utf8" },
  );
  const urls: string[] = JSON.parse(output);
  return urls.filter((url) => url.startsWith("file:"));
}
