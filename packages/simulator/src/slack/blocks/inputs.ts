import type { Fields } from "../json.ts";
import { slackLimits } from "../limits.ts";
import type { Checker, FieldCheck } from "./checker.ts";
import { checkPlaceholder } from "./objects.ts";
import { checkRichText } from "./rich-text.ts";

const common = ["placeholder", "initial_value", "dispatch_action_config", "focus_on_load"];

/** The fields that people type into. */
export const inputElements: Readonly<Record<string, FieldCheck>> = {
  plain_text_input: field(["multiline", "min_length", "max_length"], checkPlainText),
  email_text_input: field([], checkInitialText),
  url_text_input: field([], checkInitialText),
  number_input: field(["is_decimal_allowed", "min_value", "max_value"], checkNumber),
  rich_text_input: field(["min_lines", "max_lines"], (checker, element, at) => {
    if (element.initial_value !== undefined) {
      checkRichText(checker, element.initial_value, `${at}/initial_value`);
    }
    checker.integer(element, "min_lines", at, 1, 100);
    checker.integer(element, "max_lines", at, 1, 100);
  }),
  file_input: {
    fields: ["filetypes", "max_files"],
    check: (checker, element, at) => {
      if (checker.surface !== "modal") {
        checker.fault(`${at}/type`, "file_input is only available in modals");
      }
      checker.list(element, "filetypes", at, { optional: true });
      checker.integer(element, "max_files", at, 1, 10);
    },
  },
};

function field(fields: readonly string[], check: FieldCheck["check"]): FieldCheck {
  return {
    fields: [...fields, ...common],
    check: (checker, element, at) => {
      checkPlaceholder(checker, element, at);
      checkDispatch(checker, element, at);
      checker.focus(element, at);
      check(checker, element, at);
    },
  };
}

function checkInitialText(checker: Checker, element: Fields, at: string): void {
  checker.text(element, "initial_value", at, { max: slackLimits.input.text, optional: true });
}

function checkPlainText(checker: Checker, element: Fields, at: string): void {
  const longest = slackLimits.input.text;
  checkInitialText(checker, element, at);
  checker.flag(element, "multiline", at);
  checker.integer(element, "min_length", at, 0, longest);
  checker.integer(element, "max_length", at, 1, longest);
  const { min_length: least, max_length: most } = element;
  if (typeof least === "number" && typeof most === "number" && least > most) {
    checker.fault(`${at}/min_length`, "min_length must not be greater than max_length");
  }
}

function checkNumber(checker: Checker, element: Fields, at: string): void {
  if (element.is_decimal_allowed === undefined) {
    checker.fault(at, "missing required field: is_decimal_allowed");
  }
  checker.flag(element, "is_decimal_allowed", at);
  for (const key of ["initial_value", "min_value", "max_value"]) {
    const value = checker.text(element, key, at, { optional: true });
    if (value !== undefined && !Number.isFinite(Number(value))) {
      checker.fault(`${at}/${key}`, "must be a number written as a string");
    }
  }
}

function checkDispatch(checker: Checker, element: Fields, at: string): void {
  if (element.dispatch_action_config === undefined) return;
  const here = `${at}/dispatch_action_config`;
  const config = checker.object(element.dispatch_action_config, here, ["trigger_actions_on"]);
  if (config === undefined) return;
  const known = ["on_enter_pressed", "on_character_entered"];
  for (const trigger of checker.list(config, "trigger_actions_on", here, { optional: true })) {
    if (known.includes(String(trigger))) continue;
    checker.fault(`${here}/trigger_actions_on`, `must be a valid enum value (${known.join(", ")})`);
  }
}
