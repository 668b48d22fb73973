import type { Fields } from "../json.ts";
import { isFields } from "../json.ts";
import { slackLimits } from "../limits.ts";
import type { Checker, FieldCheck } from "./checker.ts";
import { checkElement } from "./elements.ts";
import { checkPicture, checkText, checkTextObject } from "./objects.ts";

const selects = ["static", "external", "users", "conversations", "channels"].flatMap((kind) => [
  `${kind}_select`,
  `multi_${kind}_select`,
]);
const pickers = ["checkboxes", "radio_buttons", "datepicker", "timepicker"];
const typed = ["plain_text_input", "email_text_input", "url_text_input", "number_input"];

const sectionAccessories = [
  ...["button", "workflow_button", "overflow", "image"],
  ...selects,
  ...pickers,
];
const actionElements = [
  ...["button", "workflow_button", "overflow", "datetimepicker", "rich_text_input"],
  ...selects,
  ...pickers,
];
const inputElements = [
  ...["datetimepicker", "rich_text_input", "file_input"],
  ...selects,
  ...pickers,
  ...typed,
];

/** The blocks that lay out text, pictures and elements. */
export const layoutBlocks: Readonly<Record<string, FieldCheck>> = {
  section: { fields: ["text", "fields", "accessory", "expand"], check: checkSection },
  header: {
    fields: ["text"],
    check: (checker, block, at) => {
      checkTextObject(checker, block, "text", at, { max: slackLimits.header, plain: true });
    },
  },
  context: { fields: ["elements"], check: checkContext },
  context_actions: {
    fields: ["elements"],
    check: (checker, block, at) => {
      const kinds = ["feedback_buttons", "icon_button"];
      checkElements(checker, block, at, slackLimits.contextActions, kinds);
    },
  },
  actions: {
    fields: ["elements"],
    check: (checker, block, at) => {
      checkElements(checker, block, at, slackLimits.actions, actionElements);
    },
  },
  divider: { fields: [], check: () => undefined },
  image: {
    fields: ["alt_text", "image_url", "slack_file", "title"],
    check: (checker, block, at) => {
      checkPicture(checker, block, at);
      checkTextObject(checker, block, "title", at, {
        max: slackLimits.image.title,
        plain: true,
        optional: true,
      });
    },
  },
  input: {
    fields: ["label", "element", "hint", "optional", "dispatch_action"],
    check: checkInput,
  },
  markdown: {
    fields: ["text"],
    check: (checker, block, at) => {
      checker.text(block, "text", at, { max: slackLimits.markdown });
    },
  },
};

function checkSection(checker: Checker, block: Fields, at: string): void {
  const { text, fields: most, field } = slackLimits.section;
  if (block.text === undefined && block.fields === undefined) {
    checker.fault(at, "must define either `text` or `fields`");
  }
  checkTextObject(checker, block, "text", at, { max: text, optional: true });
  const fields = checker.list(block, "fields", at, { max: most, optional: true });
  for (const [index, value] of fields.entries()) {
    checkText(checker, value, `${at}/fields/${index}`, { max: field });
  }
  checker.flag(block, "expand", at);
  if (block.accessory === undefined) return;
  checkElement(checker, block.accessory, `${at}/accessory`, sectionAccessories, new Set());
}

function checkContext(checker: Checker, block: Fields, at: string): void {
  const { elements: most, text } = slackLimits.context;
  const elements = checker.list(block, "elements", at, { max: most });
  for (const [index, value] of elements.entries()) {
    const here = `${at}/elements/${index}`;
    if (isFields(value) && value.type === "image") {
      checkElement(checker, value, here, ["image"], new Set());
      continue;
    }
    checkText(checker, value, here, { max: text });
  }
}

function checkInput(checker: Checker, block: Fields, at: string): void {
  const { label, hint } = slackLimits.input;
  checkTextObject(checker, block, "label", at, { max: label, plain: true });
  checkTextObject(checker, block, "hint", at, { max: hint, plain: true, optional: true });
  checker.flag(block, "optional", at);
  checker.flag(block, "dispatch_action", at);
  if (block.element === undefined) {
    checker.fault(at, "missing required field: element");
    return;
  }
  checkElement(checker, block.element, `${at}/element`, inputElements, new Set());
}

function checkElements(
  checker: Checker,
  block: Fields,
  at: string,
  max: number,
  allowed: readonly string[],
): void {
  const ids = new Set<string>();
  for (const [index, value] of checker.list(block, "elements", at, { max }).entries()) {
    checkElement(checker, value, `${at}/elements/${index}`, allowed, ids);
  }
}
