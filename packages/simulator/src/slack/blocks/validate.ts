import type { Fields } from "../json.ts";
import { isFields, textAt } from "../json.ts";
import { slackLimits } from "../limits.ts";
import { chartBlock } from "./chart.ts";
import { Checker, type FieldCheck, type SlackBlockFault, type SlackSurface } from "./checker.ts";
import { checkElement } from "./elements.ts";
import { layoutBlocks } from "./layout.ts";
import { mediaBlocks } from "./media.ts";
import { checkTextObject } from "./objects.ts";
import { checkRichText } from "./rich-text.ts";
import { tableBlocks } from "./tables.ts";
import { taskBlocks } from "./tasks.ts";

const everywhere: readonly SlackSurface[] = ["message", "modal", "home"];

/** Blocks that not every surface takes. */
const surfacesOf: Readonly<Record<string, readonly SlackSurface[]>> = {
  alert: ["modal"],
  card: ["message"],
  carousel: ["message"],
  container: ["message"],
  context_actions: ["message"],
  data_table: ["message"],
  data_visualization: ["message"],
  markdown: ["message"],
  plan: ["message"],
  table: ["message"],
  task_card: ["message"],
};

const containerChildren = [
  ...["actions", "context", "divider", "header", "image", "input"],
  ...["rich_text", "section", "table", "video"],
];

const blockChecks: Readonly<Record<string, FieldCheck>> = {
  ...layoutBlocks,
  ...mediaBlocks,
  ...tableBlocks,
  ...taskBlocks,
  data_visualization: chartBlock,
  container: {
    fields: [
      ...["title", "rich_text_title", "subtitle", "child_blocks", "width", "icon"],
      ...["is_collapsible", "default_collapsed", "has_header_divider"],
    ],
    check: checkContainer,
  },
};

/**
 * Lists what Slack would refuse in a set of blocks; an empty list means that they may be sent.
 * Stricter than Slack where Slack's pages are unsure, never laxer. Pointers start at `/blocks`.
 *
 * @example
 * validateSlackBlocks([{ type: "divider" }], "message"); // []
 */
export function validateSlackBlocks(
  blocks: unknown,
  surface: SlackSurface,
): readonly SlackBlockFault[] {
  const checker = new Checker(surface);
  checkBlocks(checker, blocks, "/blocks");
  return checker.faults;
}

/** Checks a list of blocks at a place of a bigger document. */
export function checkBlocks(checker: Checker, blocks: unknown, pointer: string): void {
  if (!Array.isArray(blocks)) {
    checker.fault(pointer, "must provide an array");
    return;
  }
  const { surface } = checker;
  const most = surface === "message" ? slackLimits.message.blocks : slackLimits.view.blocks;
  if (blocks.length > most) checker.fault(pointer, `no more than ${most} items allowed`);
  for (const [index, block] of blocks.entries()) checkBlock(checker, block, `${pointer}/${index}`);
  if (surface === "message") checkTogether(checker, blocks.filter(isFields), pointer);
}

function checkBlock(checker: Checker, value: unknown, at: string): void {
  if (!isFields(value)) {
    checker.fault(at, "must provide an object");
    return;
  }
  const type = textAt(value, "type") ?? "";
  const kind = blockChecks[type];
  if ((kind === undefined && type !== "rich_text") || !allowedOn(type, checker.surface)) {
    checker.fault(`${at}/type`, `unsupported type: ${type}`);
    return;
  }
  checker.blockId(value, at);
  if (kind === undefined) {
    checkRichText(checker, value, at);
    return;
  }
  checker.object(value, at, ["type", "block_id", ...kind.fields]);
  kind.check(checker, value, at);
}

function allowedOn(type: string, surface: SlackSurface): boolean {
  return (surfacesOf[type] ?? everywhere).includes(surface);
}

/** The rules of a message as a whole: how often a kind may appear, and which exclude each other. */
function checkTogether(checker: Checker, blocks: readonly Fields[], at: string): void {
  const count = (type: string): number => blocks.filter((block) => block.type === type).length;
  const { tables, charts } = slackLimits.message;
  if (count("table") > tables) checker.fault(at, "only_one_table_allowed");
  if (count("data_visualization") > charts) {
    checker.fault(at, `no more than ${charts} data_visualization blocks allowed`);
  }
  if (count("plan") > 0 && count("task_card") > 0) {
    checker.fault(at, "plan and task_card cannot be used in the same message");
  }
}

function checkContainer(checker: Checker, block: Fields, at: string): void {
  const limits = slackLimits.container;
  if (block.title === undefined && block.rich_text_title === undefined) {
    checker.fault(at, "must define either `title` or `rich_text_title`");
  }
  checkTextObject(checker, block, "title", at, { max: limits.title, plain: true, optional: true });
  checkTextObject(checker, block, "subtitle", at, { max: limits.subtitle, optional: true });
  if (block.rich_text_title !== undefined) {
    checkRichText(checker, block.rich_text_title, `${at}/rich_text_title`);
  }
  if (block.icon !== undefined) {
    checkElement(checker, block.icon, `${at}/icon`, ["image"], new Set());
  }
  checker.choice(block, "width", at, ["narrow", "standard", "wide", "full"]);
  for (const key of ["is_collapsible", "default_collapsed", "has_header_divider"]) {
    checker.flag(block, key, at);
  }
  const children = checker.list(block, "child_blocks", at, { max: limits.blocks });
  for (const [index, child] of children.entries()) {
    const here = `${at}/child_blocks/${index}`;
    if (isFields(child) && !containerChildren.includes(textAt(child, "type") ?? "")) {
      checker.fault(`${here}/type`, `unsupported type: ${String(child.type)}`);
      continue;
    }
    checkBlock(checker, child, here);
  }
}
