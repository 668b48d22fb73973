import type { Fields } from "../json.ts";
import { isFields, textAt } from "../json.ts";
import { slackLimits } from "../limits.ts";
import type { Checker, FieldCheck } from "./checker.ts";
import { inputElements } from "./inputs.ts";
import { checkConfirm, checkOption, checkPicture, checkTextObject } from "./objects.ts";
import { pickerElements } from "./pickers.ts";
import { selectElements } from "./selects.ts";

const buttonFields = ["text", "value", "url", "style", "accessibility_label", "confirm"];

const plainElements: Readonly<Record<string, FieldCheck>> = {
  button: { fields: buttonFields, check: checkButton },
  workflow_button: {
    fields: ["text", "workflow", "style", "accessibility_label", "confirm"],
    check: checkWorkflowButton,
  },
  overflow: { fields: ["options", "confirm"], check: checkOverflow },
  image: { fields: ["alt_text", "image_url", "slack_file"], check: checkPicture },
  icon_button: {
    fields: ["icon", "text", "value", "accessibility_label", "visible_to_user_ids", "confirm"],
    check: checkIconButton,
  },
  feedback_buttons: {
    fields: ["positive_button", "negative_button"],
    check: checkFeedbackButtons,
  },
};

const elementChecks: Readonly<Record<string, FieldCheck>> = {
  ...plainElements,
  ...selectElements,
  ...pickerElements,
  ...inputElements,
};

/** Checks one element of a block that takes the given kinds, and notes its action_id. */
export function checkElement(
  checker: Checker,
  value: unknown,
  pointer: string,
  allowed: readonly string[],
  actionIds: Set<string>,
): void {
  if (!isFields(value)) {
    checker.fault(pointer, "must provide an object");
    return;
  }
  const type = textAt(value, "type") ?? "";
  const kind = elementChecks[type];
  if (kind === undefined || !allowed.includes(type)) {
    checker.fault(`${pointer}/type`, `unsupported type: ${type}`);
    return;
  }
  const interactive = type !== "image";
  checker.object(value, pointer, ["type", ...(interactive ? ["action_id"] : []), ...kind.fields]);
  kind.check(checker, value, pointer);
  if (interactive) checkActionId(checker, value, pointer, actionIds);
}

function checkActionId(checker: Checker, element: Fields, at: string, seen: Set<string>): void {
  const id = checker.text(element, "action_id", at, { max: slackLimits.id, optional: true });
  if (id === undefined) return;
  if (seen.has(id)) checker.fault(`${at}/action_id`, `action_id \`${id}\` already exists`);
  seen.add(id);
}

function checkButton(checker: Checker, button: Fields, at: string): void {
  const { text, value, url, accessibilityLabel } = slackLimits.button;
  checkTextObject(checker, button, "text", at, { max: text, plain: true });
  checker.text(button, "value", at, { max: value, optional: true });
  checker.url(button, "url", at, { max: url, optional: true });
  checker.choice(button, "style", at, ["primary", "danger"]);
  checker.text(button, "accessibility_label", at, { max: accessibilityLabel, optional: true });
  checkConfirm(checker, button, at);
}

function checkWorkflowButton(checker: Checker, button: Fields, at: string): void {
  const { text, accessibilityLabel } = slackLimits.button;
  checkTextObject(checker, button, "text", at, { max: text, plain: true });
  checker.choice(button, "style", at, ["primary", "danger"]);
  checker.text(button, "accessibility_label", at, { max: accessibilityLabel, optional: true });
  checkConfirm(checker, button, at);
  const workflow = checker.object(button.workflow, `${at}/workflow`, ["trigger"]);
  if (workflow === undefined) return;
  const known = ["url", "customizable_input_parameters"];
  const trigger = checker.object(workflow.trigger, `${at}/workflow/trigger`, known);
  if (trigger === undefined) return;
  checker.url(trigger, "url", `${at}/workflow/trigger`, { max: slackLimits.button.url });
}

function checkOverflow(checker: Checker, menu: Fields, at: string): void {
  const options = checker.list(menu, "options", at, { max: slackLimits.overflow });
  for (const [index, option] of options.entries()) {
    checkOption(checker, option, `${at}/options/${index}`, { url: true });
  }
  checkConfirm(checker, menu, at);
}

function checkIconButton(checker: Checker, button: Fields, at: string): void {
  const { text, value, accessibilityLabel } = slackLimits.button;
  checker.text(button, "icon", at);
  checkTextObject(checker, button, "text", at, { max: text, plain: true });
  checker.text(button, "value", at, { max: value, optional: true });
  checker.text(button, "accessibility_label", at, { max: accessibilityLabel, optional: true });
  checker.list(button, "visible_to_user_ids", at, { optional: true });
  checkConfirm(checker, button, at);
}

function checkFeedbackButtons(checker: Checker, buttons: Fields, at: string): void {
  const { text, value, accessibilityLabel } = slackLimits.button;
  for (const key of ["positive_button", "negative_button"]) {
    const here = `${at}/${key}`;
    const known = ["text", "value", "accessibility_label"];
    const button = checker.object(buttons[key], here, known);
    if (button === undefined) continue;
    checkTextObject(checker, button, "text", here, { max: text, plain: true });
    checker.text(button, "value", here, { max: value });
    checker.text(button, "accessibility_label", here, { max: accessibilityLabel, optional: true });
  }
}
