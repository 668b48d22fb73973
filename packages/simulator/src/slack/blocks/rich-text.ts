import type { Fields } from "../json.ts";
import { isFields, textAt } from "../json.ts";
import type { Checker } from "./checker.ts";

const containers = [
  "rich_text_section",
  "rich_text_list",
  "rich_text_quote",
  "rich_text_preformatted",
];

const inlineFields: Readonly<Record<string, readonly string[]>> = {
  text: ["text"],
  link: ["url", "text", "unsafe"],
  emoji: ["name", "unicode", "url"],
  user: ["user_id"],
  usergroup: ["usergroup_id"],
  team: ["team_id"],
  channel: ["channel_id"],
  broadcast: ["range"],
  color: ["value"],
  date: ["timestamp", "format", "url", "fallback"],
};

/** Checks a rich_text block, also where it is the cell of a table or the details of a task. */
export function checkRichText(checker: Checker, value: unknown, pointer: string): void {
  const block = checker.object(value, pointer, ["type", "block_id", "elements"]);
  if (block === undefined) return;
  if (block.type !== "rich_text") {
    checker.fault(`${pointer}/type`, `unsupported type: ${String(block.type)}`);
    return;
  }
  for (const [index, element] of checker.list(block, "elements", pointer).entries()) {
    checkContainer(checker, element, `${pointer}/elements/${index}`, containers);
  }
}

/** Adds up the characters that a rich_text block shows. */
export function richTextLength(value: unknown): number {
  if (Array.isArray(value))
    return value.reduce<number>((sum, item) => sum + richTextLength(item), 0);
  if (!isFields(value)) return 0;
  const own = typeof value.text === "string" ? value.text.length : 0;
  return own + richTextLength(value.elements);
}

function checkContainer(
  checker: Checker,
  value: unknown,
  at: string,
  allowed: readonly string[],
): void {
  if (!isFields(value)) {
    checker.fault(at, "must provide an object");
    return;
  }
  const type = textAt(value, "type") ?? "";
  if (!allowed.includes(type)) {
    checker.fault(`${at}/type`, `unsupported type: ${type}`);
    return;
  }
  const isList = type === "rich_text_list";
  const bordered = type === "rich_text_section" ? [] : ["border"];
  const extra = isList ? ["style", "indent", "offset"] : [];
  const language = type === "rich_text_preformatted" ? ["language"] : [];
  checker.object(value, at, ["type", "elements", ...bordered, ...extra, ...language]);
  checker.integer(value, "border", at, 0, 1);
  if (isList) {
    if (value.style === undefined) checker.fault(at, "missing required field: style");
    checker.choice(value, "style", at, ["bullet", "ordered"]);
    checker.integer(value, "indent", at, 0, 8);
  }
  for (const [index, element] of checker.list(value, "elements", at, { min: 0 }).entries()) {
    const here = `${at}/elements/${index}`;
    if (isList) checkContainer(checker, element, here, ["rich_text_section"]);
    if (!isList) checkInline(checker, element, here, type);
  }
}

function checkInline(checker: Checker, value: unknown, at: string, container: string): void {
  if (!isFields(value)) {
    checker.fault(at, "must provide an object");
    return;
  }
  const type = textAt(value, "type") ?? "";
  const fields = inlineFields[type];
  const fits = container !== "rich_text_preformatted" || type === "text" || type === "link";
  if (fields === undefined || !fits) {
    checker.fault(`${at}/type`, `unsupported type: ${type}`);
    return;
  }
  checker.object(value, at, ["type", "style", ...fields]);
  checkInlineFields(checker, value, at, type);
  if (value.style === undefined) return;
  const known = [
    "bold",
    "italic",
    "strike",
    "code",
    "underline",
    "highlight",
    "client_highlight",
    "unlink",
  ];
  const style = checker.object(value.style, `${at}/style`, known);
  if (style === undefined) return;
  for (const key of Object.keys(style)) checker.flag(style, key, `${at}/style`);
}

function checkInlineFields(checker: Checker, value: Fields, at: string, type: string): void {
  if (type === "link") {
    checker.url(value, "url", at, {});
    checker.text(value, "text", at, { optional: true });
    return;
  }
  if (type === "date") {
    if (typeof value.timestamp !== "number") checker.fault(`${at}/timestamp`, "must be a number");
    checker.text(value, "format", at);
    return;
  }
  if (type === "broadcast") {
    checker.text(value, "range", at);
    checker.choice(value, "range", at, ["here", "channel", "everyone"]);
    return;
  }
  const key = inlineFields[type]?.[0];
  if (key !== undefined) checker.text(value, key, at);
}
