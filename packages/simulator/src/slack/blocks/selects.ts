import type { Fields } from "../json.ts";
import { slackLimits } from "../limits.ts";
import type { Checker, FieldCheck } from "./checker.ts";
import {
  checkConfirm,
  checkInitial,
  checkOption,
  checkPlaceholder,
  checkTextObject,
} from "./objects.ts";

const common = ["placeholder", "confirm", "focus_on_load"];
const conversationFields = ["default_to_current_conversation", "filter"];

/** The menus that pick from a list: of options given, of people, of conversations. */
export const selectElements: Readonly<Record<string, FieldCheck>> = {
  static_select: single(["options", "option_groups", "initial_option"], (checker, menu, at) => {
    checkInitial(checker, menu, "initial_option", at, checkChoices(checker, menu, at));
  }),
  multi_static_select: many(
    ["options", "option_groups", "initial_options"],
    (checker, menu, at) => {
      checkInitial(checker, menu, "initial_options", at, checkChoices(checker, menu, at));
    },
  ),
  external_select: single(["initial_option", "min_query_length"], (checker, menu, at) => {
    if (menu.initial_option !== undefined) {
      checkOption(checker, menu.initial_option, `${at}/initial_option`);
    }
    checker.integer(menu, "min_query_length", at, 0, 3_000);
  }),
  multi_external_select: many(["initial_options", "min_query_length"], (checker, menu, at) => {
    const initial = checker.list(menu, "initial_options", at, { optional: true });
    for (const [index, option] of initial.entries()) {
      checkOption(checker, option, `${at}/initial_options/${index}`);
    }
    checker.integer(menu, "min_query_length", at, 0, 3_000);
  }),
  users_select: single(["initial_user"], (checker, menu, at) => {
    checker.text(menu, "initial_user", at, { optional: true });
  }),
  multi_users_select: many(["initial_users"], (checker, menu, at) => {
    checker.list(menu, "initial_users", at, { optional: true });
  }),
  conversations_select: single(
    ["initial_conversation", "response_url_enabled", ...conversationFields],
    (checker, menu, at) => {
      checker.text(menu, "initial_conversation", at, { optional: true });
      checkFilter(checker, menu, at);
    },
  ),
  multi_conversations_select: many(
    ["initial_conversations", ...conversationFields],
    (checker, menu, at) => {
      checker.list(menu, "initial_conversations", at, { optional: true });
      checkFilter(checker, menu, at);
    },
  ),
  channels_select: single(["initial_channel", "response_url_enabled"], (checker, menu, at) => {
    checker.text(menu, "initial_channel", at, { optional: true });
    checker.flag(menu, "response_url_enabled", at);
  }),
  multi_channels_select: many(["initial_channels"], (checker, menu, at) => {
    checker.list(menu, "initial_channels", at, { optional: true });
  }),
};

function single(fields: readonly string[], check: FieldCheck["check"]): FieldCheck {
  return {
    fields: [...fields, ...common],
    check: (checker, menu, at) => {
      checkPlaceholder(checker, menu, at);
      checkConfirm(checker, menu, at);
      checker.focus(menu, at);
      check(checker, menu, at);
    },
  };
}

function many(fields: readonly string[], check: FieldCheck["check"]): FieldCheck {
  const one = single([...fields, "max_selected_items"], check);
  return {
    fields: one.fields,
    check: (checker, menu, at) => {
      checker.integer(menu, "max_selected_items", at, 1, slackLimits.select.options);
      one.check(checker, menu, at);
    },
  };
}

function checkChoices(checker: Checker, menu: Fields, at: string): readonly unknown[] {
  const { options: most, groups: mostGroups, groupLabel } = slackLimits.select;
  if ((menu.options === undefined) === (menu.option_groups === undefined)) {
    checker.fault(at, "must define either `options` or `option_groups`");
  }
  const all: unknown[] = [];
  if (menu.options !== undefined) {
    all.push(...checkOptions(checker, menu, at, most));
  }
  const groups = checker.list(menu, "option_groups", at, { max: mostGroups, optional: true });
  for (const [index, value] of groups.entries()) {
    const here = `${at}/option_groups/${index}`;
    const group = checker.object(value, here, ["label", "options"]);
    if (group === undefined) continue;
    checkTextObject(checker, group, "label", here, { max: groupLabel, plain: true });
    all.push(...checkOptions(checker, group, here, most));
  }
  return all;
}

function checkOptions(
  checker: Checker,
  owner: Fields,
  at: string,
  max: number,
): readonly unknown[] {
  const options = checker.list(owner, "options", at, { max });
  for (const [index, option] of options.entries()) {
    checkOption(checker, option, `${at}/options/${index}`);
  }
  return options;
}

function checkFilter(checker: Checker, menu: Fields, at: string): void {
  checker.flag(menu, "default_to_current_conversation", at);
  checker.flag(menu, "response_url_enabled", at);
  if (menu.filter === undefined) return;
  const here = `${at}/filter`;
  const known = ["include", "exclude_external_shared_channels", "exclude_bot_users"];
  const filter = checker.object(menu.filter, here, known);
  if (filter === undefined) return;
  for (const kind of checker.list(filter, "include", here, { optional: true })) {
    if (!["im", "mpim", "private", "public"].includes(String(kind))) {
      checker.fault(`${here}/include`, "must be a valid enum value (im, mpim, private, public)");
    }
  }
}
