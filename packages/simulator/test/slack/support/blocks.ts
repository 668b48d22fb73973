import type { ActionsBlock, Button, SectionBlock } from "@slack/types";

/** A button with a value. */
export function button(actionId: string, text: string): Button {
  return {
    type: "button",
    action_id: actionId,
    text: { type: "plain_text", text },
    value: `value-of-${actionId}`,
  };
}

/** A row of elements. */
export function actions(...elements: ActionsBlock["elements"]): ActionsBlock {
  return { type: "actions", block_id: "row", elements };
}

/** A paragraph. */
export function section(text: string): SectionBlock {
  return { type: "section", text: { type: "mrkdwn", text } };
}
