import { type Fields, isFields, objectsAt, textAt } from "../json.ts";
import { type LiveElement, liveElements } from "../state/elements.ts";

/** What people have entered, by block_id and action_id. */
export type Entered = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface Kind {
  /** Field of the payload that carries the choice. */
  readonly key: string;
  /** Field of the element that carries the choice it starts with. */
  readonly initial: string;
  /** Whether the choice is an option, or a list of options, of the element. */
  readonly options?: boolean;
}

const typed: Kind = { key: "value", initial: "initial_value" };
const one: Kind = { key: "selected_option", initial: "initial_option", options: true };
const several: Kind = { key: "selected_options", initial: "initial_options", options: true };

const kinds: Readonly<Record<string, Kind>> = {
  plain_text_input: typed,
  email_text_input: typed,
  url_text_input: typed,
  number_input: typed,
  rich_text_input: { key: "rich_text_value", initial: "initial_value" },
  file_input: { key: "files", initial: "" },
  static_select: one,
  external_select: one,
  radio_buttons: one,
  overflow: one,
  multi_static_select: several,
  multi_external_select: several,
  checkboxes: several,
  users_select: { key: "selected_user", initial: "initial_user" },
  multi_users_select: { key: "selected_users", initial: "initial_users" },
  conversations_select: { key: "selected_conversation", initial: "initial_conversation" },
  multi_conversations_select: { key: "selected_conversations", initial: "initial_conversations" },
  channels_select: { key: "selected_channel", initial: "initial_channel" },
  multi_channels_select: { key: "selected_channels", initial: "initial_channels" },
  datepicker: { key: "selected_date", initial: "initial_date" },
  timepicker: { key: "selected_time", initial: "initial_time" },
  datetimepicker: { key: "selected_date_time", initial: "initial_date_time" },
};

/** Describes what an element holds, in the words of `state.values`; undefined for one without memory. */
export function elementState(element: Fields, entered: unknown): Fields | undefined {
  const type = textAt(element, "type") ?? "";
  const kind = kinds[type];
  if (kind === undefined) return undefined;
  const given = entered ?? element[kind.initial];
  const empty = kind.key.endsWith("s") ? [] : null;
  const value = given === undefined ? empty : kind.options === true ? pick(element, given) : given;
  return { type, [kind.key]: value };
}

/** Collects what all elements of a message or view hold. */
export function stateValues(blocks: readonly Fields[], entered: Entered): Fields {
  const values: Record<string, Record<string, unknown>> = {};
  for (const { blockId, element } of liveElements(blocks)) {
    const actionId = textAt(element, "action_id") ?? "";
    const state = elementState(element, entered[blockId]?.[actionId]);
    if (state === undefined || element.type === "overflow") continue;
    values[blockId] = { ...values[blockId], [actionId]: state };
  }
  return values;
}

/** Tells whether an element of a form has been filled in. */
export function isFilled(live: LiveElement, entered: unknown): boolean {
  const state = elementState(live.element, entered);
  if (state === undefined) return true;
  const { type: _type, ...values } = state;
  return Object.values(values).every(
    (value) => value !== null && value !== "" && !(Array.isArray(value) && value.length === 0),
  );
}

function pick(element: Fields, given: unknown): unknown {
  return Array.isArray(given)
    ? given.map((item) => pickOne(element, item))
    : pickOne(element, given);
}

/** Finds the option that a person means by its value or its text. */
function pickOne(element: Fields, given: unknown): unknown {
  if (isFields(given)) return given;
  const groups = objectsAt(element, "option_groups").flatMap((group) =>
    objectsAt(group, "options"),
  );
  const options = [...objectsAt(element, "options"), ...groups];
  const text = (option: Fields): unknown => (isFields(option.text) ? option.text.text : undefined);
  const found = options.find((option) => option.value === given || text(option) === given);
  if (found !== undefined) return found;
  const known = options.map((option) => String(option.value)).join(", ");
  throw new Error(`The menu has no option "${String(given)}"; it offers: ${known}.`);
}
