import type { Fields } from "../json.ts";
import { slackLimits } from "../limits.ts";
import type { Checker, FieldCheck } from "./checker.ts";
import { checkConfirm, checkInitial, checkOption, checkPlaceholder } from "./objects.ts";

/** Dates, times, tick boxes and radio buttons. */
export const pickerElements: Readonly<Record<string, FieldCheck>> = {
  datepicker: picker(["initial_date", "placeholder"], (checker, element, at) => {
    checkPlaceholder(checker, element, at);
    checkPattern(checker, element, "initial_date", at, /^\d{4}-\d{2}-\d{2}$/, "YYYY-MM-DD");
  }),
  timepicker: picker(["initial_time", "placeholder", "timezone"], (checker, element, at) => {
    checkPlaceholder(checker, element, at);
    checker.text(element, "timezone", at, { optional: true });
    checkPattern(checker, element, "initial_time", at, /^([01]\d|2[0-3]):[0-5]\d$/, "HH:mm");
  }),
  datetimepicker: picker(["initial_date_time"], (checker, element, at) => {
    checker.integer(element, "initial_date_time", at, 1_000_000_000, 9_999_999_999);
  }),
  checkboxes: picker(["options", "initial_options"], (checker, element, at) => {
    checkChoices(checker, element, "initial_options", at);
  }),
  radio_buttons: picker(["options", "initial_option"], (checker, element, at) => {
    checkChoices(checker, element, "initial_option", at);
  }),
};

function picker(fields: readonly string[], check: FieldCheck["check"]): FieldCheck {
  return {
    fields: [...fields, "confirm", "focus_on_load"],
    check: (checker, element, at) => {
      checkConfirm(checker, element, at);
      checker.focus(element, at);
      check(checker, element, at);
    },
  };
}

function checkChoices(checker: Checker, element: Fields, initialKey: string, at: string): void {
  const options = checker.list(element, "options", at, { max: slackLimits.choices });
  for (const [index, option] of options.entries()) {
    checkOption(checker, option, `${at}/options/${index}`, { mrkdwn: true });
  }
  checkInitial(checker, element, initialKey, at, options);
}

function checkPattern(
  checker: Checker,
  element: Fields,
  key: string,
  at: string,
  pattern: RegExp,
  form: string,
): void {
  const value = checker.text(element, key, at, { optional: true });
  if (value === undefined || pattern.test(value)) return;
  checker.fault(`${at}/${key}`, `must be of the form ${form}`);
}
