import type { Fields } from "../json.ts";
import { isFields } from "../json.ts";
import { slackLimits } from "../limits.ts";
import type { Checker, FieldCheck } from "./checker.ts";
import { checkRichText, richTextLength } from "./rich-text.ts";

/** The two blocks that show rows and columns. */
export const tableBlocks: Readonly<Record<string, FieldCheck>> = {
  table: { fields: ["rows", "column_settings"], check: checkTable },
  data_table: {
    fields: ["rows", "caption", "page_size", "row_header_column_index"],
    check: checkDataTable,
  },
};

function checkTable(checker: Checker, table: Fields, at: string): void {
  const { rows: most, columns } = slackLimits.table;
  const rows = checker.list(table, "rows", at, { max: most });
  for (const [index, row] of rows.entries()) {
    checkRow(checker, row, `${at}/rows/${index}`, columns);
  }
  checkCharacters(checker, rows, at);
  const settings = checker.list(table, "column_settings", at, {
    min: 0,
    max: columns,
    optional: true,
  });
  for (const [index, value] of settings.entries()) {
    const here = `${at}/column_settings/${index}`;
    if (value === null) continue;
    const setting = checker.object(value, here, ["align", "is_wrapped"]);
    if (setting === undefined) continue;
    checker.choice(setting, "align", here, ["left", "center", "right"]);
    checker.flag(setting, "is_wrapped", here);
  }
}

function checkDataTable(checker: Checker, table: Fields, at: string): void {
  const limits = slackLimits.dataTable;
  checker.text(table, "caption", at);
  checker.integer(table, "page_size", at, 1, limits.pageSize);
  const rows = checker.list(table, "rows", at, { min: 2, max: limits.rows });
  const width = Array.isArray(rows[0]) ? rows[0].length : 0;
  checker.integer(table, "row_header_column_index", at, 0, Math.max(0, width - 1));
  for (const [index, row] of rows.entries()) {
    const here = `${at}/rows/${index}`;
    checkRow(checker, row, here, limits.columns);
    if (Array.isArray(row) && row.length !== width) {
      checker.fault(here, "all rows must have the same number of cells");
    }
  }
  checkHeader(checker, rows[0], `${at}/rows/0`);
  checkCharacters(checker, rows, at);
}

function checkHeader(checker: Checker, row: unknown, at: string): void {
  if (!Array.isArray(row)) return;
  for (const [index, cell] of row.entries()) {
    if (isFields(cell) && cell.type === "rich_text") {
      checker.fault(`${at}/${index}/type`, "rich_text cannot be used for header cells");
    }
  }
}

function checkRow(checker: Checker, row: unknown, at: string, columns: number): void {
  if (!Array.isArray(row)) {
    checker.fault(at, "must provide an array");
    return;
  }
  if (row.length < 1) checker.fault(at, "no less than 1 items allowed");
  if (row.length > columns) checker.fault(at, `no more than ${columns} items allowed`);
  for (const [index, cell] of row.entries()) checkCell(checker, cell, `${at}/${index}`);
}

function checkCell(checker: Checker, value: unknown, at: string): void {
  if (!isFields(value)) {
    checker.fault(at, "must provide an object");
    return;
  }
  if (value.type === "rich_text") {
    checkRichText(checker, value, at);
    return;
  }
  if (value.type !== "raw_text" && value.type !== "raw_number") {
    checker.fault(`${at}/type`, `unsupported type: ${String(value.type)}`);
    return;
  }
  const numeric = value.type === "raw_number";
  checker.object(value, at, ["type", "text", ...(numeric ? ["value"] : [])]);
  checker.text(value, "text", at);
  if (numeric && (typeof value.value !== "number" || !Number.isFinite(value.value))) {
    checker.fault(`${at}/value`, "must be a number");
  }
}

function checkCharacters(checker: Checker, rows: readonly unknown[], at: string): void {
  const most = slackLimits.dataTable.characters;
  const cells = rows.flatMap((row) => (Array.isArray(row) ? row : []));
  if (richTextLength(cells) > most) {
    checker.fault(`${at}/rows`, `must be less than ${most + 1} characters over all cells`);
  }
}
