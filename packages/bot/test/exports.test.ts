import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import * as bot from "../src/index.ts";
import * as terminal from "../src/platforms/terminal/index.ts";

describe("the doors of @kappa4/bot", () => {
  it("lead to these names", () => {
    expect(Object.keys(bot).sort()).toMatchSnapshot("@kappa4/bot");
    expect(Object.keys(terminal).sort()).toMatchSnapshot("@kappa4/bot/terminal");
  });

  it("load neither Bolt nor zod for the terminal, and no Bolt for the views", async () => {
    expect(await loadedBy("../src/platforms/terminal/index.ts")).toEqual([]);
    expect(await loadedBy("../src/index.ts")).toEqual(["zod"]);
  });
});

/** Loads a door in a fresh process and returns which of the large libraries came with it. */
async function loadedBy(door: string): Promise<readonly string[]> {
  const url = new URL(door, import.meta.url).href;
  const script = `
    import { registerHooks } from "node:module";
    const loaded = new Set();
    registerHooks({
      load(url, context, next) {
        for (const name of ["@slack/bolt", "@slack/socket-mode", "@slack/web-api", "undici", "zod"]) {
          if (url.includes("/node_modules/" + name + "/")) loaded.add(name);
        }
        return next(url, context);
      },
    });
    await import(${JSON.stringify(url)});
    process.stdout.write(JSON.stringify([...loaded].sort()));
  `;
  const flags = ["--conditions=@kappa4/source", "--input-type=module", "--eval", script];
  const { stdout } = await promisify(execFile)(process.execPath, flags);
  return JSON.parse(stdout) as readonly string[];
}
