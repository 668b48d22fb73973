import { describe, expect, it } from "vitest";
import { validateSlackView } from "../../src/index.ts";
import { many, mrkdwn, plain } from "./support/sound-blocks.ts";

describe("validateSlackView", () => {
  const input = {
    type: "input",
    block_id: "reason",
    label: plain("Reason"),
    element: { type: "plain_text_input", action_id: "text", max_length: 300 },
  };
  const modal = {
    type: "modal",
    title: plain("Apply a plan"),
    submit: plain("Apply"),
    close: plain("Cancel"),
    blocks: [input],
  };

  it("accepts a modal and a Home tab", () => {
    expect(validateSlackView(modal)).toEqual([]);
    expect(validateSlackView({ type: "home", blocks: [{ type: "divider" }] })).toEqual([]);
  });

  it.each([
    ["a long title", { ...modal, title: plain("x".repeat(25)) }, "/view/title/text"],
    ["no title", { ...modal, title: undefined }, "/view"],
    ["inputs without submit", { type: "modal", title: plain("x"), blocks: [input] }, "/view"],
    [
      "long private metadata",
      { ...modal, private_metadata: "x".repeat(3001) },
      "/view/private_metadata",
    ],
    ["a Home tab with a title", { type: "home", title: plain("x"), blocks: [] }, "/view"],
    ["an unknown type", { type: "dialog", blocks: [] }, "/view/type"],
    [
      "a faulty block",
      { ...modal, blocks: [{ ...input, label: mrkdwn("x") }] },
      "/view/blocks/0/label/type",
    ],
    [
      "two focused fields",
      {
        ...modal,
        blocks: many(2, (n) => ({
          ...input,
          block_id: `b${n}`,
          element: { ...input.element, focus_on_load: true },
        })),
      },
      "/view/blocks/1/element/focus_on_load",
    ],
  ])("names the place of %s", (_what, view, pointer) => {
    expect(validateSlackView(view).map((fault) => fault.pointer)).toContain(pointer);
  });
});
