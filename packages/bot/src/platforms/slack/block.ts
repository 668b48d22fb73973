import type { Lossy } from "../../view/model.ts";
import type { RichElement } from "./mrkdwn.ts";

/** A block of a Slack message. Looser than Slack's own types, which lack the newest blocks. */
export interface SlackBlock {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Kinds of block that a workspace may not take yet; each has a stand-in. */
export type NewBlockType = "data_visualization" | "data_table" | "table" | "plan";

/** What a part of a view became. */
export interface Rendered {
  readonly blocks: readonly SlackBlock[];
  readonly lossy?: readonly Lossy[] | undefined;
}

/** What decides how a part is drawn. */
export interface RenderSituation {
  /** Place of the part in the view, for reports. */
  readonly path: string;
  /** Asks for the use of a kind of block; some are had only once or twice in a message. */
  readonly claim: (type: NewBlockType) => boolean;
}

/** Makes a rich_text block of one section; nothing when it would be empty, which Slack refuses. */
export function richBlock(elements: readonly RichElement[]): readonly SlackBlock[] {
  if (elements.length === 0) return [];
  return [{ type: "rich_text", elements: [{ type: "rich_text_section", elements }] }];
}

/** Makes a block in which every character keeps its place. */
export function codeBlock(text: string): SlackBlock {
  return {
    type: "rich_text",
    elements: [{ type: "rich_text_preformatted", elements: [{ type: "text", text }] }],
  };
}

/** Cuts a long list of lines into parts that fit a block each. */
export function chunk(lines: readonly string[], most: number): readonly string[] {
  const parts: string[] = [];
  let part = "";
  for (const line of lines.flatMap((long) => pieces(long, most))) {
    if (part !== "" && part.length + 1 + line.length > most) {
      parts.push(part);
      part = line;
      continue;
    }
    part = part === "" ? line : `${part}\n${line}`;
  }
  return part === "" ? parts : [...parts, part];
}

/** Cuts a line that is longer than a whole part; never in the middle of a character. */
function pieces(line: string, most: number): readonly string[] {
  if (line.length <= most) return [line];
  const cut: string[] = [];
  let current = "";
  for (const character of line) {
    if (current.length + character.length > most) {
      cut.push(current);
      current = "";
    }
    current += character;
  }
  return [...cut, current];
}
