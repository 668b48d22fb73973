import { pad, widthOf, wrap } from "../../view/layout.ts";
import type { Block, RichText, View } from "../../view/model.ts";
import { clean, plain } from "../../view/text.ts";
import { chartLines, taskLines } from "./bars.ts";
import { ascii, type TerminalOptions, type TerminalStyle, terminalStyle } from "./style.ts";
import { tableLines } from "./table.ts";

/**
 * Draws a view for a terminal: aligned tables, bars with their numbers, and what to type next.
 * Nothing is cut away for lack of width; long cells and sentences wrap. Ends with a line break.
 *
 * @example
 * process.stdout.write(renderTerminal(planView(plan), terminalOptions(process.stdout, process.env)));
 */
export function renderTerminal(view: View, options: TerminalOptions = {}): string {
  const style = terminalStyle(options);
  const parts = view.blocks
    .map((block) => blockLines(block, style))
    .filter((lines) => lines.length > 0);
  return `${parts.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function blockLines(block: Block, style: TerminalStyle): readonly string[] {
  switch (block.kind) {
    case "title":
      return paragraph(block.text, style).map((line) => style.paint("title", line));
    case "text":
      return textLines(block.text, style).map((line) => style.paint(block.tone ?? "plain", line));
    case "note":
      return textLines(block.text, style).map((line) => style.paint("dim", line));
    case "code":
      return clean(block.text)
        .split("\n")
        .map((line) => style.paint("code", line));
    case "facts":
      return factLines(block.facts, style);
    case "table":
      return tableLines(block, style);
    case "barChart":
      return chartLines(block, style);
    case "tasks":
      return taskLines(block, style);
    case "actions":
      return block.actions.flatMap(({ label, command }) =>
        command === undefined ? [] : [`${label}:  ${style.paint("code", clean(command))}`],
      );
  }
}

function textLines(text: RichText, style: TerminalStyle): readonly string[] {
  return paragraph(plain(text), style);
}

function paragraph(text: string, style: TerminalStyle): readonly string[] {
  const safe = clean(text);
  return wrap(style.unicode ? safe : ascii(safe), style.width);
}

function factLines(
  facts: readonly { readonly name: string; readonly value: string }[],
  style: TerminalStyle,
): readonly string[] {
  const flat = (text: string): string => {
    const safe = clean(text).replaceAll("\n", " ");
    return style.unicode ? safe : ascii(safe);
  };
  const nameWidth = Math.min(
    Math.max(0, ...facts.map(({ name }) => widthOf(flat(name)))),
    Math.floor(style.width / 2),
  );
  return facts.flatMap(({ name, value }) => {
    const heads = wrap(flat(name), nameWidth);
    const values = wrap(flat(value), style.width - nameWidth - 2);
    return Array.from({ length: Math.max(heads.length, values.length) }, (_, line) =>
      `${style.paint("dim", pad(heads[line] ?? "", nameWidth))}  ${values[line] ?? ""}`.trimEnd(),
    );
  });
}
