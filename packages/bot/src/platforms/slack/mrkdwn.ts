import type { Inline, RichText } from "../../view/model.ts";
import { clean, inlines, plain, type TextWriter } from "../../view/text.ts";

/** Escapes the three characters that mean something to Slack, so that no name can call a channel or make a link. */
export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Cuts a text to a number of characters; never in the middle of one. */
export function clamp(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, most - 1);
  const last = cut.charCodeAt(cut.length - 1);
  const isHalf = last >= 0xd800 && last <= 0xdbff;
  return `${isHalf ? cut.slice(0, -1) : cut}…`;
}

/** Writes plain text for Slack: escaped, people as mentions. */
export const slackWriter: TextWriter = { text: escapeText, person: (id) => `<@${id}>` };

/** Writes running text as Slack's markup. */
export function mrkdwn(text: RichText): string {
  return inlines(text).map(mrkdwnPiece).join("");
}

/** An element of a rich_text section. */
export type RichElement = Readonly<Record<string, unknown>>;

/** Writes running text as elements of a rich_text section, in which no character needs escaping. */
export function richElements(text: RichText): readonly RichElement[] {
  return inlines(text).flatMap(richElement);
}

function mrkdwnPiece(piece: Inline): string {
  if (typeof piece === "string") return escapeText(clean(piece));
  if ("bold" in piece) return `*${escapeText(clean(piece.bold))}*`;
  if ("code" in piece) return `\`${escapeText(clean(piece.code)).replaceAll("`", "'")}\``;
  if ("time" in piece) return `<!date^${seconds(piece.time)}^{time}|${plain([piece])}>`;
  return `<@${piece.person}>`;
}

function richElement(piece: Inline): readonly RichElement[] {
  if (typeof piece === "string") return textElement(piece);
  if ("bold" in piece) return textElement(piece.bold, { bold: true });
  if ("code" in piece) return textElement(piece.code, { code: true });
  if ("time" in piece) {
    return [
      { type: "date", timestamp: seconds(piece.time), format: "{time}", fallback: plain([piece]) },
    ];
  }
  return [{ type: "user", user_id: piece.person }];
}

/** Slack refuses an element without text. */
function textElement(text: string, style?: Readonly<Record<string, true>>): readonly RichElement[] {
  const safe = clean(text);
  if (safe === "") return [];
  return [style === undefined ? { type: "text", text: safe } : { type: "text", text: safe, style }];
}

function seconds(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}
