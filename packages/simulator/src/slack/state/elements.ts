import type { Fields } from "../json.ts";
import { isFields, objectsAt, textAt } from "../json.ts";
import type { SlackIds } from "./ids.ts";

/** An element that a person can use, with the id of its block. */
export interface LiveElement {
  readonly blockId: string;
  readonly element: Fields;
  readonly isInput: boolean;
  readonly block: Fields;
}

/** Keys of a block under which elements or further blocks lie. */
const nests = ["accessory", "element", "elements", "actions", "child_blocks"];

/** Gives ids to blocks and elements that have none, as Slack does when it takes them. */
export function withIds(blocks: readonly Fields[], ids: SlackIds): readonly Fields[] {
  return blocks.map((block) => {
    const named = { ...block, block_id: textAt(block, "block_id") ?? ids.short() };
    return nameElements(named, ids);
  });
}

function nameElements(owner: Fields, ids: SlackIds): Fields {
  const copy: Record<string, unknown> = { ...owner };
  if (owner.type === "rich_text") return copy;
  for (const key of nests) {
    const value = owner[key];
    const holdsBlocks = key === "child_blocks" || owner.type === "carousel";
    if (holdsBlocks && Array.isArray(value)) copy[key] = withIds(value.filter(isFields), ids);
    if (!holdsBlocks && Array.isArray(value)) copy[key] = value.map((item) => nameOne(item, ids));
    if (isFields(value)) copy[key] = nameOne(value, ids);
  }
  return copy;
}

function nameOne(value: unknown, ids: SlackIds): unknown {
  if (!isFields(value)) return value;
  const nested = nameElements(value, ids);
  if (!isInteractive(value)) return nested;
  return { ...nested, action_id: textAt(value, "action_id") ?? ids.short() };
}

function isInteractive(element: Fields): boolean {
  const type = textAt(element, "type") ?? "";
  return /button|_select$|_input$|picker$|^overflow$|^checkboxes$/.test(type);
}

/** Lists every element of the blocks that a person can use. */
export function liveElements(blocks: readonly Fields[]): readonly LiveElement[] {
  return blocks.flatMap((block) => {
    const blockId = textAt(block, "block_id") ?? "";
    const inner = [...objectsAt(block, "elements"), ...objectsAt(block, "child_blocks")];
    const nested = inner.filter((one) => !isInteractive(one) && one.type !== "image");
    const single = [block.accessory, block.element].filter(isFields);
    const own = [...single, ...objectsAt(block, "elements"), ...objectsAt(block, "actions")];
    const found = own.filter(isInteractive).map((element) => ({
      blockId,
      element,
      isInput: block.type === "input",
      block,
    }));
    return block.type === "rich_text" ? [] : [...found, ...liveElements(nested)];
  });
}
