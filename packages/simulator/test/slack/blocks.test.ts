import type { KnownBlock } from "@slack/types";
import { describe, expect, it } from "vitest";
import { slackLimits, validateSlackBlocks } from "../../src/index.ts";
import {
  button,
  cell,
  chart,
  dataTable,
  many,
  mrkdwn,
  plain,
  richText,
} from "./support/sound-blocks.ts";

/** The pointers of the faults, which is what a caller has to find the place by. */
function pointers(blocks: unknown, surface: "message" | "modal" | "home" = "message"): string[] {
  return validateSlackBlocks(blocks, surface).map((fault) => fault.pointer);
}

describe("validateSlackBlocks", () => {
  it("accepts one of each block that a bot posts", () => {
    const typed: KnownBlock[] = [
      { type: "header", text: plain("Plan P-7F3K") },
      { type: "section", text: mrkdwn("*5 moves*"), accessory: button("why") },
      { type: "section", fields: [mrkdwn("a"), mrkdwn("b")] },
      { type: "context", elements: [mrkdwn("Valid 30 min"), plain("x")] },
      { type: "divider" },
      { type: "image", alt_text: "Load per node", image_url: "https://example.org/load.png" },
      richText("Moves"),
      { type: "markdown", text: "**bold**" },
      {
        type: "actions",
        elements: [
          button("apply", {
            style: "primary",
            value: "token",
            confirm: {
              title: plain("Apply?"),
              text: mrkdwn("5 moves"),
              confirm: plain("Apply"),
              deny: plain("Cancel"),
            },
          }),
          {
            type: "overflow",
            action_id: "more",
            options: [{ text: plain("Explain"), value: "explain" }],
          },
          {
            type: "static_select",
            action_id: "node",
            options: [{ text: plain("pve-01"), value: "pve-01" }],
            initial_option: { text: plain("pve-01"), value: "pve-01" },
          },
        ],
      },
      {
        type: "data_table",
        caption: "Nodes",
        row_header_column_index: 0,
        rows: [
          [cell("node"), cell("before")],
          [cell("pve-01"), { type: "raw_number", value: 91, text: "91 %" }],
        ],
      },
      { type: "table", rows: [[cell("a"), richText("b")]], column_settings: [{ align: "right" }] },
      {
        type: "plan",
        title: "Run R-11CD",
        tasks: [
          { type: "task_card", task_id: "1", title: "web-03", status: "complete" },
          {
            type: "task_card",
            task_id: "2",
            title: "db-02",
            status: "in_progress",
            details: richText("38 %"),
          },
        ],
      },
    ];
    const blocks = [...typed, chart(["pve-01", "pve-02"], ["before", "after"])];
    expect(validateSlackBlocks(blocks, "message")).toEqual([]);
  });

  it.each([
    ["51 blocks", many(51, () => ({ type: "divider" })), "/blocks"],
    ["no list at all", { type: "divider" }, "/blocks"],
    ["an unknown block", [{ type: "marquee" }], "/blocks/0/type"],
    ["an unknown field", [{ type: "divider", color: "red" }], "/blocks/0"],
    ["an empty text", [{ type: "section", text: mrkdwn("") }], "/blocks/0/text/text"],
    [
      "a long section",
      [{ type: "section", text: mrkdwn("x".repeat(3001)) }],
      "/blocks/0/text/text",
    ],
    ["a section of nothing", [{ type: "section" }], "/blocks/0"],
    ["11 fields", [{ type: "section", fields: many(11, () => mrkdwn("x")) }], "/blocks/0/fields"],
    [
      "a long field",
      [{ type: "section", fields: [mrkdwn("x".repeat(2001))] }],
      "/blocks/0/fields/0/text",
    ],
    ["a mrkdwn header", [{ type: "header", text: mrkdwn("x") }], "/blocks/0/text/type"],
    ["a long header", [{ type: "header", text: plain("x".repeat(151)) }], "/blocks/0/text/text"],
    [
      "11 context elements",
      [{ type: "context", elements: many(11, () => plain("x")) }],
      "/blocks/0/elements",
    ],
    ["an empty context", [{ type: "context", elements: [] }], "/blocks/0/elements"],
    [
      "26 buttons",
      [{ type: "actions", elements: many(26, (n) => button(`b${n}`)) }],
      "/blocks/0/elements",
    ],
    [
      "a long button",
      [{ type: "actions", elements: [button("a", { text: plain("x".repeat(76)) })] }],
      "/blocks/0/elements/0/text/text",
    ],
    [
      "a long value",
      [{ type: "actions", elements: [button("a", { value: "x".repeat(2001) })] }],
      "/blocks/0/elements/0/value",
    ],
    [
      "a bad style",
      [{ type: "actions", elements: [button("a", { style: "green" })] }],
      "/blocks/0/elements/0/style",
    ],
    [
      "a bad link",
      [{ type: "actions", elements: [button("a", { url: "pve-01" })] }],
      "/blocks/0/elements/0/url",
    ],
    [
      "a long action_id",
      [{ type: "actions", elements: [button("x".repeat(256))] }],
      "/blocks/0/elements/0/action_id",
    ],
    [
      "the same action twice",
      [{ type: "actions", elements: [button("a"), button("a")] }],
      "/blocks/0/elements/1/action_id",
    ],
    [
      "the same block_id twice",
      [
        { type: "divider", block_id: "a" },
        { type: "divider", block_id: "a" },
      ],
      "/blocks/1/block_id",
    ],
    [
      "a long confirm title",
      [
        {
          type: "actions",
          elements: [button("a", { confirm: { title: plain("x".repeat(101)), text: plain("x") } })],
        },
      ],
      "/blocks/0/elements/0/confirm/title/text",
    ],
    [
      "a long confirm text",
      [{ type: "actions", elements: [button("a", { confirm: { text: plain("x".repeat(301)) } })] }],
      "/blocks/0/elements/0/confirm/text/text",
    ],
    [
      "a long confirm button",
      [
        {
          type: "actions",
          elements: [button("a", { confirm: { text: plain("x"), deny: plain("x".repeat(31)) } })],
        },
      ],
      "/blocks/0/elements/0/confirm/deny/text",
    ],
    [
      "6 overflow options",
      [
        {
          type: "actions",
          elements: [
            { type: "overflow", options: many(6, (n) => ({ text: plain("x"), value: `${n}` })) },
          ],
        },
      ],
      "/blocks/0/elements/0/options",
    ],
    [
      "101 select options",
      [
        {
          type: "actions",
          elements: [
            {
              type: "static_select",
              options: many(101, (n) => ({ text: plain("x"), value: `${n}` })),
            },
          ],
        },
      ],
      "/blocks/0/elements/0/options",
    ],
    [
      "a long option value",
      [
        {
          type: "actions",
          elements: [
            { type: "static_select", options: [{ text: plain("x"), value: "x".repeat(151) }] },
          ],
        },
      ],
      "/blocks/0/elements/0/options/0/value",
    ],
    [
      "an unknown first choice",
      [
        {
          type: "actions",
          elements: [
            {
              type: "static_select",
              options: [{ text: plain("x"), value: "x" }],
              initial_option: { text: plain("y"), value: "y" },
            },
          ],
        },
      ],
      "/blocks/0/elements/0/initial_option",
    ],
    ["an image of nothing", [{ type: "image", alt_text: "x" }], "/blocks/0"],
    [
      "an image without alt text",
      [{ type: "image", image_url: "https://example.org/a.png" }],
      "/blocks/0",
    ],
    ["a long markdown", [{ type: "markdown", text: "x".repeat(12_001) }], "/blocks/0/text"],
    ["an alert", [{ type: "alert", text: plain("x") }], "/blocks/0/type"],
    [
      "two tables",
      [
        { type: "table", rows: [[cell("a")]] },
        { type: "table", rows: [[cell("a")]] },
      ],
      "/blocks",
    ],
    ["101 table rows", [{ type: "table", rows: many(101, () => [cell("a")]) }], "/blocks/0/rows"],
    [
      "21 table columns",
      [{ type: "table", rows: [many(21, () => cell("a"))] }],
      "/blocks/0/rows/0",
    ],
    ["an empty cell", [{ type: "table", rows: [[cell("")]] }], "/blocks/0/rows/0/0/text"],
    [
      "a data table without caption",
      [{ type: "data_table", rows: [[cell("a")], [cell("b")]] }],
      "/blocks/0",
    ],
    ["a data table without rows", [dataTable(1)], "/blocks/0/rows"],
    ["102 data table rows", [dataTable(102)], "/blocks/0/rows"],
    ["too much text in a data table", [dataTable(6, 2, "x".repeat(900))], "/blocks/0/rows"],
    [
      "a rich text header",
      [{ type: "data_table", caption: "x", rows: [[richText("a")], [cell("b")]] }],
      "/blocks/0/rows/0/0/type",
    ],
    [
      "uneven rows",
      [{ type: "data_table", caption: "x", rows: [[cell("a"), cell("b")], [cell("b")]] }],
      "/blocks/0/rows/1",
    ],
    ["three charts", many(3, () => chart(["a"], ["x"])), "/blocks"],
    ["a long chart title", [{ ...chart(["a"], ["x"]), title: "x".repeat(51) }], "/blocks/0/title"],
    [
      "7 series",
      [
        chart(
          ["a"],
          many(7, (n) => `s${n}`),
        ),
      ],
      "/blocks/0/chart/series",
    ],
    [
      "21 categories",
      [
        chart(
          many(21, (n) => `n${n}`),
          ["x"],
        ),
      ],
      "/blocks/0/chart/axis_config/categories",
    ],
    [
      "a long category",
      [chart(["x".repeat(21)], ["x"])],
      "/blocks/0/chart/axis_config/categories/0",
    ],
    ["the same series twice", [chart(["a"], ["x", "x"])], "/blocks/0/chart/series/1/name"],
    [
      "a task state of its own",
      [{ type: "task_card", task_id: "1", title: "x", status: "completed" }],
      "/blocks/0/status",
    ],
    [
      "plan beside task_card",
      [
        { type: "plan", title: "x" },
        { type: "task_card", task_id: "1", title: "x" },
      ],
      "/blocks",
    ],
    ["rich text of nothing", [{ type: "rich_text", elements: [] }], "/blocks/0/elements"],
    [
      "an unknown rich text element",
      [
        {
          type: "rich_text",
          elements: [{ type: "rich_text_section", elements: [{ type: "blink", text: "x" }] }],
        },
      ],
      "/blocks/0/elements/0/elements/0/type",
    ],
    [
      "a list without style",
      [{ type: "rich_text", elements: [{ type: "rich_text_list", elements: [] }] }],
      "/blocks/0/elements/0",
    ],
  ])("names the place of %s", (_what, blocks, pointer) => {
    expect(pointers(blocks)).toContain(pointer);
  });

  it("counts data points against the categories of the axis", () => {
    const block = chart(["a", "b"], ["x"]);
    block.chart.series[0]?.data.pop();
    expect(pointers([block])).toEqual(["/blocks/0/chart/series/0/data"]);
  });

  it("lets everything through that stays exactly at its limit", () => {
    const blocks = [
      ...many(46, () => ({ type: "divider" })),
      { type: "section", text: mrkdwn("x".repeat(slackLimits.section.text)) },
      { type: "actions", elements: many(slackLimits.actions, (n) => button(`b${n}`)) },
      dataTable(slackLimits.dataTable.rows, 1, "x".repeat(99)),
      chart(
        many(20, (n) => `node-${n}`),
        ["before", "after"],
      ),
    ];
    expect(validateSlackBlocks(blocks, "message")).toEqual([]);
  });

  it("takes 100 blocks in a view, and no block that only messages show", () => {
    expect(
      pointers(
        many(100, () => ({ type: "divider" })),
        "home",
      ),
    ).toEqual([]);
    expect(
      pointers(
        many(101, () => ({ type: "divider" })),
        "modal",
      ),
    ).toEqual(["/blocks"]);
    expect(pointers([dataTable(2), { type: "plan", title: "x" }], "modal")).toEqual([
      "/blocks/0/type",
      "/blocks/1/type",
    ]);
    expect(pointers([{ type: "alert", text: plain("x") }], "modal")).toEqual([]);
  });
});
