import { pad, widthOf, wrap } from "../../view/layout.ts";
import type { TableBlock } from "../../view/model.ts";
import { clean } from "../../view/text.ts";
import { ascii, type TerminalStyle } from "./style.ts";

const GAP = 2;
/** A column with sentences that would get narrower than this goes below its row instead. */
const SENTENCE_WIDTH = 28;

/** Draws a table with aligned columns; long cells wrap, and in narrow terminals sentences go below their row. */
export function tableLines(table: TableBlock, style: TerminalStyle): readonly string[] {
  const cell = (text: string): string => {
    const flat = clean(text).replaceAll("\n", " ");
    return style.unicode ? flat : ascii(flat);
  };
  const headers = table.columns.map(({ header }) => cell(header));
  const rows = table.rows.map((row) => headers.map((_, index) => cell(row[index] ?? "")));
  const natural = headers.map((header, index) =>
    Math.max(widthOf(header), ...rows.map((row) => widthOf(row[index] ?? ""))),
  );
  const caption = style.paint("header", cell(table.caption));
  if (table.layout === "lines" && sentenceIsTooNarrow(natural, style.width)) {
    return [caption, ...stackedLines(table, headers, rows, natural, style)];
  }
  const widths = fit(natural, style.width);
  return [caption, ...gridLines(table, headers, rows, widths, style)];
}

type Cells = readonly string[];

function gridLines(
  table: TableBlock,
  headers: Cells,
  rows: readonly Cells[],
  widths: readonly number[],
  style: TerminalStyle,
): readonly string[] {
  const draw = (cells: Cells): readonly string[] => rowLines(table, cells, widths);
  const rule = (style.unicode ? "─" : "-").repeat(total(widths));
  return [
    ...draw(headers).map((line) => style.paint("dim", line)),
    style.paint("dim", rule),
    ...rows.flatMap(draw),
  ];
}

function rowLines(table: TableBlock, cells: Cells, widths: readonly number[]): readonly string[] {
  const wrapped = cells.map((text, index) => wrap(text, widths[index] ?? 1));
  const height = Math.max(1, ...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    wrapped
      .map((lines, index) =>
        pad(lines[line] ?? "", widths[index] ?? 1, table.columns[index]?.align),
      )
      .join(" ".repeat(GAP))
      .trimEnd(),
  );
}

function stackedLines(
  table: TableBlock,
  headers: Cells,
  rows: readonly Cells[],
  natural: readonly number[],
  style: TerminalStyle,
): readonly string[] {
  const short = { ...table, columns: table.columns.slice(0, -1) };
  const widths = fit(natural.slice(0, -1), style.width);
  const indent = " ".repeat(4);
  return [
    ...rowLines(short, headers.slice(0, -1), widths).map((line) => style.paint("dim", line)),
    style.paint("dim", (style.unicode ? "─" : "-").repeat(total(widths))),
    ...rows.flatMap((row) => [
      ...rowLines(short, row.slice(0, -1), widths),
      ...wrap(row.at(-1) ?? "", style.width - indent.length).flatMap((line) =>
        line === "" ? [] : [style.paint("dim", indent + line)],
      ),
    ]),
  ];
}

function sentenceIsTooNarrow(natural: readonly number[], width: number): boolean {
  const others = total(natural.slice(0, -1)) + GAP;
  const last = natural.at(-1) ?? 0;
  return natural.length > 1 && last > width - others && width - others < SENTENCE_WIDTH;
}

/** Takes from the widest column until all fit; a column keeps at least four. */
function fit(natural: readonly number[], width: number): readonly number[] {
  const widths = [...natural];
  while (total(widths) > width) {
    const widest = widths.indexOf(Math.max(...widths));
    const next = widths[widest] ?? 0;
    if (next <= 4) break;
    widths[widest] = next - 1;
  }
  return widths;
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + GAP * Math.max(0, widths.length - 1);
}
