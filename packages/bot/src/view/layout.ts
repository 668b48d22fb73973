import stringWidth from "string-width";

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Returns how many columns a text fills. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** Fills a text with spaces up to a width. */
export function pad(text: string, width: number, align: "left" | "right" = "left"): string {
  const space = " ".repeat(Math.max(0, width - widthOf(text)));
  return align === "left" ? text + space : space + text;
}

/** Cuts a text to a width; a sign at the end says that something is missing. */
export function truncate(text: string, width: number, sign = "…"): string {
  if (widthOf(text) <= width) return text;
  let kept = "";
  let used = widthOf(sign);
  for (const { segment } of graphemes.segment(text)) {
    used += widthOf(segment);
    if (used > width) break;
    kept += segment;
  }
  return kept + sign;
}

/** Breaks a text into lines of at most `width` columns: between words, or within one that is too long. */
export function wrap(text: string, width: number): readonly string[] {
  return text.split("\n").flatMap((line) => wrapLine(line, Math.max(1, width)));
}

function wrapLine(line: string, width: number): readonly string[] {
  if (widthOf(line) <= width) return [line];
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(/ +/)) {
    const joined = current === "" ? word : `${current} ${word}`;
    if (widthOf(joined) <= width) {
      current = joined;
      continue;
    }
    if (current !== "") lines.push(current);
    const parts = splitWord(word, width);
    lines.push(...parts.slice(0, -1));
    current = parts.at(-1) ?? "";
  }
  lines.push(current);
  return lines;
}

function splitWord(word: string, width: number): readonly string[] {
  if (widthOf(word) <= width) return [word];
  const parts: string[] = [];
  let part = "";
  for (const { segment } of graphemes.segment(word)) {
    if (part !== "" && widthOf(part + segment) > width) {
      parts.push(part);
      part = "";
    }
    part += segment;
  }
  return [...parts, part];
}
