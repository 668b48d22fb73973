import type { Block, FactsBlock, Lossy, View, ViewFile } from "../../view/model.ts";
import { clean, plain, viewText } from "../../view/text.ts";
import {
  chunk,
  codeBlock,
  type NewBlockType,
  type Rendered,
  type RenderSituation,
  richBlock,
  type SlackBlock,
} from "./block.ts";
import { LIMITS } from "./limits.ts";
import { clamp, escapeText, mrkdwn, richElements, slackWriter } from "./mrkdwn.ts";
import { plainText, renderActions } from "./render-actions.ts";
import { renderChart } from "./render-chart.ts";
import { renderTable } from "./render-table.ts";
import { renderTasks } from "./render-tasks.ts";

/** A message as Slack takes it. */
export interface SlackMessage {
  /** The whole message in words: notifications and screen readers have nothing else. */
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
  /** What goes below the message as files. */
  readonly files: readonly ViewFile[];
  /** What the message could not hold. */
  readonly lossy: readonly Lossy[];
}

/** Draws a view for Slack. Pure: the same view gives the same message. `refused` are blocks the workspace does not take. */
export function renderSlack(
  view: View,
  refused: ReadonlySet<NewBlockType> = new Set(),
): SlackMessage {
  const counts = { table: 0, data_visualization: 0 };
  const claim = (type: NewBlockType): boolean => {
    if (refused.has(type)) return false;
    if (type === "table") return ++counts.table <= 1;
    if (type === "data_visualization")
      return ++counts.data_visualization <= LIMITS.chart.perMessage;
    return true;
  };
  const parts = view.blocks.map((block, index) =>
    renderBlock(block, index, { path: `blocks[${index}]`, claim }),
  );
  const fitted = fitBlocks(parts.flatMap(({ blocks }) => blocks));
  const words = fitText(viewText(view, slackWriter));
  const lossy = [...parts.flatMap((part) => part.lossy ?? []), ...fitted.lossy, ...words.lossy];
  const files = view.files ?? [];
  return {
    text: words.text,
    blocks: fitted.blocks,
    files: lossy.length > 0 && files.length === 0 ? [wholeMessage(view)] : files,
    lossy,
  };
}

function wholeMessage(view: View): ViewFile {
  return { name: "message.txt", title: "The whole message", content: viewText(view) };
}

function renderBlock(block: Block, index: number, situation: RenderSituation): Rendered {
  switch (block.kind) {
    case "title":
      return { blocks: [{ type: "header", text: plainText(block.text, LIMITS.header) }] };
    case "text":
      return { blocks: textBlocks(block.text) };
    case "note":
      return { blocks: noteBlocks(block.text) };
    case "code":
      return { blocks: chunk(clean(block.text).split("\n"), LIMITS.sectionText).map(codeBlock) };
    case "facts":
      return { blocks: factBlocks(block) };
    case "table":
      return renderTable(block, situation);
    case "barChart":
      return renderChart(block, situation);
    case "tasks":
      return renderTasks(block, situation);
    case "actions":
      return { blocks: renderActions(block, index) };
  }
}

type RichText = Parameters<typeof plain>[0];

/** Short text keeps its mentions and bold words; very long text is data and stays plain. */
function textBlocks(text: RichText): readonly SlackBlock[] {
  const words = clean(plain(text));
  if (words.length <= LIMITS.sectionText) return richBlock(richElements(text));
  return chunk(words.split("\n"), LIMITS.sectionText).flatMap((part) =>
    richBlock([{ type: "text", text: part }]),
  );
}

function noteBlocks(text: RichText): readonly SlackBlock[] {
  const marked = mrkdwn(text);
  if (marked.trim() === "") return [];
  if (marked.length <= LIMITS.sectionText) {
    return [{ type: "context", elements: [{ type: "mrkdwn", text: marked }] }];
  }
  return chunk(clean(plain(text)).split("\n"), LIMITS.sectionText).map((part) => ({
    type: "context",
    elements: [plainText(part, LIMITS.sectionText)],
  }));
}

function factBlocks({ facts }: FactsBlock): readonly SlackBlock[] {
  const fields = facts.map(({ name, value }) => ({
    type: "mrkdwn",
    text: `*${escapeText(clamp(clean(name), 200))}*\n${escapeText(clamp(clean(value), LIMITS.fieldText / 6))}`,
  }));
  const blocks: SlackBlock[] = [];
  for (let start = 0; start < fields.length; start += LIMITS.fields) {
    blocks.push({ type: "section", fields: fields.slice(start, start + LIMITS.fields) });
  }
  return blocks;
}

/** Keeps the first blocks and all buttons; a note takes the place of what is left out. */
function fitBlocks(blocks: readonly SlackBlock[]): {
  blocks: readonly SlackBlock[];
  lossy: readonly Lossy[];
} {
  if (blocks.length <= LIMITS.blocks) return { blocks, lossy: [] };
  const buttons = blocks.filter(({ type }) => type === "actions").slice(-2);
  const others = blocks.filter(({ type }) => type !== "actions");
  const kept = others.slice(0, LIMITS.blocks - 1 - buttons.length);
  const message = `${others.length - kept.length} more parts do not fit; the file below this message has everything.`;
  const note: SlackBlock = { type: "context", elements: [plainText(message, LIMITS.sectionText)] };
  return { blocks: [...kept, note, ...buttons], lossy: [{ path: "blocks", message }] };
}

/** Keeps whole lines from the top. */
function fitText(text: string): { text: string; lossy: readonly Lossy[] } {
  if (text.length <= LIMITS.text) return { text: text === "" ? "Kappa4" : text, lossy: [] };
  const room = LIMITS.text - 100;
  const end = text.lastIndexOf("\n", room);
  const kept = end > 0 ? text.slice(0, end) : clamp(text, room);
  const message = `${text.length - kept.length} more characters are in the file below this message.`;
  return { text: `${kept}\n… ${message}`, lossy: [{ path: "text", message }] };
}
