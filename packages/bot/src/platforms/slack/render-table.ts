import { pad, widthOf } from "../../view/layout.ts";
import type { TableBlock } from "../../view/model.ts";
import { clean, rowText } from "../../view/text.ts";
import {
  chunk,
  codeBlock,
  type Rendered,
  type RenderSituation,
  richBlock,
  type SlackBlock,
} from "./block.ts";
import { LIMITS } from "./limits.ts";
import { clamp, type RichElement } from "./mrkdwn.ts";

const limits = LIMITS.dataTable;

/** Draws a table: figures as Slack's own table where it is known, lists as lines. */
export function renderTable(table: TableBlock, situation: RenderSituation): Rendered {
  if (table.columns.length === 0) return { blocks: [] };
  if (table.layout === "lines" || table.rows.length === 0) return { blocks: listBlocks(table) };
  const kept = fittingRows(table);
  const shown: TableBlock = { ...table, rows: kept };
  const cut = table.rows.length - kept.length;
  const blocks = [
    ...gridBlocks(shown, situation),
    ...(cut === 0 ? [] : [cutNote(table, kept.length)]),
  ];
  if (cut === 0) return { blocks };
  const message = `${kept.length} of ${table.rows.length} rows are shown.`;
  return { blocks, lossy: [{ path: `${situation.path}.rows`, message }] };
}

function gridBlocks(table: TableBlock, { claim }: RenderSituation): readonly SlackBlock[] {
  if (table.columns.length <= limits.columns) {
    if (claim("data_table")) return [dataTable(table)];
    if (claim("table")) return [...captionBlock(table), plainTable(table)];
  }
  const parts = chunk(alignedLines(table), LIMITS.sectionText);
  return [...captionBlock(table), ...parts.map(codeBlock)];
}

function dataTable(table: TableBlock): SlackBlock {
  return {
    type: "data_table",
    caption: clamp(clean(table.caption) || "Table", limits.caption),
    page_size: Math.min(limits.rows, table.rows.length),
    row_header_column_index: table.rowHeader,
    rows: cells(table),
  };
}

function plainTable(table: TableBlock): SlackBlock {
  return {
    type: "table",
    column_settings: table.columns.map(({ align }) => ({ align: align ?? "left" })),
    // One row less than the newer table: the header counts here.
    rows: cells(table).slice(0, limits.rows),
  };
}

/** Slack refuses an empty cell, so one gets a dash. */
function cells(table: TableBlock): readonly (readonly SlackBlock[])[] {
  const cell = (text: string | undefined): SlackBlock => ({
    type: "raw_text",
    text: clamp(clean(text ?? "") || "–", limits.cell),
  });
  const header = table.columns.map((column) => cell(column.header));
  return [header, ...table.rows.map((row) => table.columns.map((_, index) => cell(row[index])))];
}

/** Keeps as many rows from the top as Slack takes. */
function fittingRows(table: TableBlock): readonly (readonly string[])[] {
  const length = (row: readonly string[]): number =>
    table.columns.reduce(
      (sum, _, index) => sum + Math.min(limits.cell, row[index]?.length || 1),
      0,
    );
  let characters = length(table.columns.map(({ header }) => header));
  const most = table.rows.slice(0, limits.rows - 1);
  const end = most.findIndex((row) => {
    characters += length(row);
    return characters > limits.characters;
  });
  return end < 0 ? most : most.slice(0, end);
}

function cutNote(table: TableBlock, kept: number): SlackBlock {
  const text = `${kept} of ${table.rows.length} rows shown; the file below this message has all.`;
  return { type: "context", elements: [{ type: "plain_text", text, emoji: false }] };
}

function captionBlock(table: TableBlock): readonly SlackBlock[] {
  const text = clean(table.caption);
  return richBlock(text === "" ? [] : [bold(text)]);
}

/** A list: the caption, then a line per row with the row's name in bold. */
function listBlocks(table: TableBlock): readonly SlackBlock[] {
  const groups: (readonly (readonly string[])[])[] = [];
  let group: (readonly string[])[] = [];
  let length = 0;
  for (const row of table.rows) {
    const size = rowText(table, row).length;
    if (
      group.length > 0 &&
      (group.length === LIMITS.rowsPerBlock || length + size > LIMITS.sectionText)
    ) {
      groups.push(group);
      [group, length] = [[], 0];
    }
    group.push(row);
    length += size;
  }
  if (group.length > 0) groups.push(group);
  const lists = groups.map((rows): SlackBlock => {
    const items = rows.map((row) => ({
      type: "rich_text_section",
      elements: lineElements(table, row),
    }));
    return {
      type: "rich_text",
      elements: [{ type: "rich_text_list", style: "bullet", elements: items }],
    };
  });
  return [...captionBlock(table), ...lists];
}

function lineElements(table: TableBlock, row: readonly string[]): readonly RichElement[] {
  const grid = table.layout !== "lines";
  const parts = table.columns.flatMap(({ header }, index) => {
    const value = clamp(clean(row[index] ?? ""), LIMITS.sectionText / 2);
    if (value === "") return [];
    if (index === table.rowHeader) return [bold(value)];
    return [{ type: "text", text: grid && header !== "" ? `${header} ${value}` : value }];
  });
  const joined = parts.flatMap((part, index) =>
    index === 0 ? [part] : [{ type: "text", text: " · " }, part],
  );
  return joined.length === 0 ? [{ type: "text", text: "–" }] : joined;
}

function alignedLines(table: TableBlock): readonly string[] {
  const rows = [table.columns.map(({ header }) => header), ...table.rows].map((row) =>
    table.columns.map((_, index) => clean(row[index] ?? "").replaceAll("\n", " ")),
  );
  const widths = table.columns.map((_, index) =>
    Math.max(...rows.map((row) => widthOf(row[index] ?? ""))),
  );
  return rows.map((row) =>
    row
      .map((cell, index) => pad(cell, widths[index] ?? 0, table.columns[index]?.align))
      .join("  ")
      .trimEnd(),
  );
}

function bold(text: string): RichElement {
  return { type: "text", text, style: { bold: true } };
}
