import { describe, expect, it } from "vitest";
import { validateSlackBlocks } from "../../src/index.ts";
import { button, cell, chart, dataTable, mrkdwn, plain, richText } from "./support/sound-blocks.ts";

describe("validateSlackBlocks, given damaged blocks", () => {
  const sound: unknown[] = [
    { type: "section", text: mrkdwn("x"), fields: [plain("y")], accessory: button("a") },
    { type: "actions", elements: [button("b", { confirm: { text: plain("x") } })] },
    { type: "context", elements: [plain("x")] },
    { type: "plan", title: "x", tasks: [{ task_id: "1", title: "x", details: richText("x") }] },
    { type: "table", rows: [[cell("x"), richText("y")]] },
    { type: "card", title: plain("x"), actions: [button("c")] },
    { type: "container", title: plain("x"), child_blocks: [{ type: "divider" }] },
    dataTable(3),
    chart(["a", "b"], ["x", "y"]),
  ];
  const junk: readonly unknown[] = [null, undefined, 0, -1, "", "x", [], {}, [null], true, [[]]];

  /** Replaces the n-th place of a JSON tree, counted from the top; true once it is done. */
  function damage(tree: unknown, place: { left: number }, value: unknown): boolean {
    if (typeof tree !== "object" || tree === null) return false;
    const entries: Record<string, unknown> = tree as Record<string, unknown>;
    for (const key of Object.keys(entries)) {
      place.left -= 1;
      if (place.left === 0) {
        entries[key] = value;
        return true;
      }
      if (damage(entries[key], place, value)) return true;
    }
    return false;
  }

  it("is silent about the sound ones", () => {
    expect(validateSlackBlocks(sound, "message")).toEqual([]);
  });

  it("finds a fault at every place that is damaged, and never breaks", () => {
    const optional = new Set<string>();
    let places = 0;
    for (const value of junk) {
      for (let left = 1; ; left++) {
        const blocks = structuredClone(sound);
        if (!damage(blocks, { left }, value)) break;
        places += 1;
        const faults = validateSlackBlocks(blocks, "message");
        if (faults.length === 0) optional.add(JSON.stringify(value) ?? "undefined");
      }
    }
    expect(places).toBeGreaterThan(1000);
    // Leaving an optional field out, another text or number, and an empty plan are no faults.
    expect([...optional].sort()).toEqual(['"x"', "-1", "0", "[]", "undefined"]);
  });
});
