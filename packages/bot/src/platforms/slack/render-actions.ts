import type { Action, ActionsBlock, Confirm } from "../../view/model.ts";
import { clean } from "../../view/text.ts";
import type { SlackBlock } from "./block.ts";
import { LIMITS } from "./limits.ts";
import { clamp } from "./mrkdwn.ts";

/** Draws actions as buttons; the button carries its value and nothing else. */
export function renderActions(block: ActionsBlock, index: number): readonly SlackBlock[] {
  const buttons = block.actions.flatMap((action, place) =>
    action.value === undefined ? [] : [button(action, action.value, `kappa4-${index}-${place}`)],
  );
  return buttons.length === 0
    ? []
    : [{ type: "actions", elements: buttons.slice(0, LIMITS.actions) }];
}

function button(action: Action, value: string, id: string): SlackBlock {
  const { label, style, confirm } = action;
  return {
    type: "button",
    action_id: id,
    text: plainText(label, LIMITS.buttonText),
    value,
    ...(style === undefined || style === "plain" ? {} : { style }),
    ...(confirm === undefined ? {} : { confirm: dialog(confirm) }),
  };
}

function dialog({ title, text, accept, dismiss }: Confirm): Omit<SlackBlock, "type"> {
  const limits = LIMITS.confirm;
  return {
    title: plainText(title, limits.title),
    text: plainText(text, limits.text),
    confirm: plainText(accept, limits.button),
    deny: plainText(dismiss, limits.button),
  };
}

/** Makes a text object in which nothing is markup. */
export function plainText(text: string, most: number): SlackBlock {
  return { type: "plain_text", text: clamp(clean(text) || "–", most), emoji: false };
}
