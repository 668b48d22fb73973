import type { Fields } from "../json.ts";
import { isFields } from "../json.ts";
import { slackLimits } from "../limits.ts";
import type { Checker } from "./checker.ts";

/** Bounds of a text object; `plain` refuses `mrkdwn`. */
export interface TextObjectBounds {
  readonly max: number;
  readonly plain?: boolean | undefined;
  readonly optional?: boolean | undefined;
}

/** Checks the composition object at `owner[key]` that carries text. */
export function checkTextObject(
  checker: Checker,
  owner: Fields,
  key: string,
  pointer: string,
  bounds: TextObjectBounds,
): void {
  if (owner[key] === undefined) {
    if (bounds.optional !== true) checker.fault(pointer, `missing required field: ${key}`);
    return;
  }
  checkText(checker, owner[key], `${pointer}/${key}`, bounds);
}

/** Checks one text object by itself. */
export function checkText(
  checker: Checker,
  value: unknown,
  pointer: string,
  bounds: TextObjectBounds,
): void {
  if (!isFields(value)) {
    checker.fault(pointer, "must provide an object");
    return;
  }
  const mrkdwn = value.type === "mrkdwn";
  if (value.type !== "plain_text" && (!mrkdwn || bounds.plain === true)) {
    checker.fault(`${pointer}/type`, `unsupported type: ${String(value.type)}`);
    return;
  }
  checker.object(value, pointer, ["type", "text", mrkdwn ? "verbatim" : "emoji"]);
  checker.text(value, "text", pointer, { max: bounds.max });
  checker.flag(value, mrkdwn ? "verbatim" : "emoji", pointer);
}

/** Checks the grey text that an empty field shows. */
export function checkPlaceholder(checker: Checker, element: Fields, at: string): void {
  checkTextObject(checker, element, "placeholder", at, {
    max: slackLimits.input.placeholder,
    plain: true,
    optional: true,
  });
}

/** Checks the dialog that asks "are you sure" before an action is sent. */
export function checkConfirm(checker: Checker, owner: Fields, pointer: string): void {
  if (owner.confirm === undefined) return;
  const at = `${pointer}/confirm`;
  const confirm = checker.object(owner.confirm, at, ["title", "text", "confirm", "deny", "style"]);
  if (confirm === undefined) return;
  const { title, text, button } = slackLimits.confirm;
  checkTextObject(checker, confirm, "title", at, { max: title, plain: true, optional: true });
  checkTextObject(checker, confirm, "text", at, { max: text });
  checkTextObject(checker, confirm, "confirm", at, { max: button, plain: true, optional: true });
  checkTextObject(checker, confirm, "deny", at, { max: button, plain: true, optional: true });
  checker.choice(confirm, "style", at, ["primary", "danger"]);
}

/** What a list of options allows besides text and value. */
export interface OptionRules {
  readonly mrkdwn?: boolean | undefined;
  readonly url?: boolean | undefined;
}

/** Checks one option of a menu. */
export function checkOption(
  checker: Checker,
  value: unknown,
  pointer: string,
  rules: OptionRules = {},
): void {
  const known = ["text", "value", "description", ...(rules.url === true ? ["url"] : [])];
  const option = checker.object(value, pointer, known);
  if (option === undefined) return;
  const limits = slackLimits.option;
  const plain = rules.mrkdwn !== true;
  checkTextObject(checker, option, "text", pointer, { max: limits.text, plain });
  checker.text(option, "value", pointer, { max: limits.value, optional: rules.url === true });
  checkTextObject(checker, option, "description", pointer, {
    max: limits.description,
    plain,
    optional: true,
  });
  if (rules.url === true) checker.url(option, "url", pointer, { max: limits.url, optional: true });
}

/** Checks that a preselected option is one of the options, as Slack demands. */
export function checkInitial(
  checker: Checker,
  element: Fields,
  key: string,
  pointer: string,
  options: readonly unknown[],
): void {
  const initial = element[key];
  if (initial === undefined) return;
  const chosen = Array.isArray(initial) ? initial : [initial];
  const known = new Set(options.map((option) => JSON.stringify(option)));
  for (const option of chosen) {
    if (!known.has(JSON.stringify(option))) {
      checker.fault(`${pointer}/${key}`, "initial option was not found in the available options");
    }
  }
}

/** Checks the picture of an image block or image element: exactly one of URL and Slack file. */
export function checkPicture(checker: Checker, image: Fields, pointer: string): void {
  const { altText, url } = slackLimits.image;
  checker.text(image, "alt_text", pointer, { max: altText });
  if ((image.image_url === undefined) === (image.slack_file === undefined)) {
    checker.fault(pointer, "must define either `image_url` or `slack_file`");
  }
  if (image.image_url !== undefined) checker.url(image, "image_url", pointer, { max: url });
  if (image.slack_file === undefined) return;
  const at = `${pointer}/slack_file`;
  const file = checker.object(image.slack_file, at, ["id", "url"]);
  if (file === undefined) return;
  if ((file.id === undefined) === (file.url === undefined)) {
    checker.fault(at, "must define either `id` or `url`");
  }
  checker.text(file, "id", at, { optional: true });
  checker.url(file, "url", at, { max: url, optional: true });
}
