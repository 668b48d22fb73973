import { clockTime, percent } from "./format.ts";
import type { Block, Inline, RichText, TableBlock, Task, TaskState, View } from "./model.ts";

/** Words for the states of a task, the same on every surface. */
export const TASK_WORDS: Readonly<Record<TaskState, string>> = {
  waiting: "waiting",
  running: "running",
  done: "done",
  failed: "failed",
  skipped: "not started",
  unknown: "unknown",
};

/** Returns the pieces of running text as a list. */
export function inlines(text: RichText): readonly Inline[] {
  return typeof text === "string" ? [text] : text;
}

/** Returns running text without markup. */
export function plain(text: RichText): string {
  return inlines(text).map(plainInline).join("");
}

/** Removes what could steer a terminal or hide text: control characters and marks that turn the direction of writing. */
export function clean(text: string): string {
  return text.replace(/(?!\n)[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, " ");
}

/** How a surface writes plain text: what must be escaped, and how a person is named. */
export interface TextWriter {
  text(text: string): string;
  person(id: string): string;
}

const PLAIN: TextWriter = { text: (text) => text, person: (id) => `@${id}` };

/**
 * Returns the whole view as plain lines, for notifications, screen readers and logs: every figure is in it.
 * Tables become one line per row, each value behind its column's name.
 */
export function viewText(view: View, writer: TextWriter = PLAIN): string {
  return view.blocks
    .map((block) => blockText(block, writer))
    .filter((text) => text !== "")
    .join("\n\n");
}

/** Returns one row as a line: its name first, then each other value with its column's name; lists need no names. */
export function rowText(table: TableBlock, row: readonly string[]): string {
  if (table.layout === "lines") return row.filter((cell) => cell !== "").join(" · ");
  const head = row[table.rowHeader] ?? "";
  const rest = row.flatMap((cell, index) => {
    if (index === table.rowHeader || cell === "") return [];
    const header = table.columns[index]?.header ?? "";
    return [header === "" ? cell : `${header} ${cell}`];
  });
  return rest.length === 0 ? head : `${head}: ${rest.join(", ")}`;
}

function blockText(block: Block, writer: TextWriter): string {
  const lines = (all: readonly string[]): string => writer.text(clean(all.join("\n")));
  switch (block.kind) {
    case "title":
    case "code":
      return lines([block.text]);
    case "text":
    case "note":
      return inlines(block.text)
        .map((piece) => inlineText(piece, writer))
        .join("");
    case "facts":
      return lines(block.facts.map(({ name, value }) => `${name}: ${value}`));
    case "table":
      return lines([block.caption, ...block.rows.map((row) => rowText(block, row))]);
    case "barChart":
      return block.tabulated === true ? "" : lines([block.title, block.alt]);
    case "tasks":
      return lines([`${block.title}: ${percent(block.progress)}`, ...block.tasks.map(taskText)]);
    case "actions":
      return lines(
        block.actions.flatMap(({ label, command }) =>
          command === undefined ? [] : [`${label}: ${command}`],
        ),
      );
  }
}

function inlineText(piece: Inline, writer: TextWriter): string {
  const isPerson = typeof piece === "object" && "person" in piece;
  return isPerson ? writer.person(piece.person) : writer.text(clean(plainInline(piece)));
}

function plainInline(piece: Inline): string {
  if (typeof piece === "string") return piece;
  if ("bold" in piece) return piece.bold;
  if ("code" in piece) return piece.code;
  return "time" in piece ? clockTime(piece.time) : `@${piece.person}`;
}

/** Returns a task as a line: its state, what it is, and how far. */
export function taskText({ state, title, about, detail }: Task): string {
  const what = about === undefined ? title : `${title} ${about}`;
  return `${TASK_WORDS[state]}: ${what}${detail === undefined ? "" : ` (${detail})`}`;
}
