import type { SlackDelivery, SlackDeliveryOptions } from "../delivery/envelope.ts";
import { type Fields, isFields, objectsAt, textAt } from "../json.ts";
import type { SlackUser } from "../options.ts";
import { Refusal } from "../refusal.ts";
import { type LiveElement, liveElements } from "../state/elements.ts";
import type { SlackView } from "../state/views.ts";
import { type Entered, isFilled, stateValues } from "./choices.ts";
import { openView } from "./click.ts";
import { conclude, type Desk, interaction } from "./desk.ts";

/** How a person leaves a modal. */
export interface SlackFormOptions extends SlackDeliveryOptions {
  /** Id or name; default the first person. */
  readonly user?: string | undefined;
  /** Default the modal on top. */
  readonly viewId?: string | undefined;
}

/** What a person fills in before they press Submit. */
export interface SlackSubmitOptions extends SlackFormOptions {
  /** By action_id or block_id: text, the value of an option, a list of values, an id, a date. */
  readonly values?: Readonly<Record<string, unknown>> | undefined;
}

/** What a submission led to. */
export interface SlackSubmission extends SlackDelivery {
  /** Faults shown under the fields, by block_id. */
  readonly errors: Readonly<Record<string, string>>;
  /** What the person has on the screen afterwards. */
  readonly view: SlackView | undefined;
}

/** A person submits a modal. Throws when the client would not let them, for example with an empty required field. */
export async function submitView(
  desk: Desk,
  options: SlackSubmitOptions = {},
): Promise<SlackSubmission> {
  const { workspace, courier } = desk;
  const { user, view } = findModal(desk, options);
  if (view.definition.submit === undefined)
    throw new Error("The modal has no button to submit it.");
  const entered = fillIn(desk, user, view, options.values ?? {});
  const payload = {
    ...interaction(workspace, "view_submission", user),
    trigger_id: workspace.triggers.issue(user.id, view.id),
    view: workspace.views.render(view, stateValues(view.blocks, entered)),
    response_urls: [],
  };
  const bare = await courier.deliver("interactive", payload, options);
  let errors: Readonly<Record<string, string>> = {};
  const failure = "We had some trouble connecting. Try again?";
  const delivery = conclude(desk, bare, failure, (body) => {
    errors = applyAnswer(desk, view, body);
    return undefined;
  });
  const body = bare.ack?.body;
  const isEmpty = !isFields(body) || Object.keys(body).length === 0;
  if (delivery.outcome === "acknowledged" && isEmpty) workspace.views.close(view);
  return { ...delivery, errors, view: workspace.views.top(user.id) };
}

/** A person closes a modal; undefined when the app did not ask to hear of it. */
export async function closeView(
  desk: Desk,
  options: SlackFormOptions = {},
): Promise<SlackDelivery | undefined> {
  const { workspace, courier } = desk;
  const { user, view } = findModal(desk, options);
  const isCleared = view.definition.clear_on_close === true;
  if (isCleared) workspace.views.clear(user.id);
  if (!isCleared) workspace.views.close(view);
  if (view.definition.notify_on_close !== true) return undefined;
  const payload = {
    ...interaction(workspace, "view_closed", user),
    view: workspace.views.render(view),
    is_cleared: isCleared,
  };
  const bare = await courier.deliver("interactive", payload, options);
  return conclude(desk, bare, "", () => undefined);
}

/** Does what `response_action` says and returns the errors to show. Throws a Refusal. */
function applyAnswer(desk: Desk, view: SlackView, body: Fields): Readonly<Record<string, string>> {
  const { views } = desk.workspace;
  const action = textAt(body, "response_action");
  if (action === "clear") views.clear(view.userId);
  if (action === "update") views.update({ id: view.id }, body.view, undefined);
  if (action === "push") views.push(view.userId, body.view);
  if (action === undefined) views.close(view);
  if (action !== "errors") return {};
  const inputs = view.blocks.filter((block) => block.type === "input");
  const known = inputs.map((block) => block.block_id);
  const errors = isFields(body.errors) ? Object.entries(body.errors) : [];
  if (errors.length === 0 || errors.some(([id]) => !known.includes(id))) {
    throw new Refusal("invalid_response_errors");
  }
  return Object.fromEntries(errors.map(([id, text]) => [id, String(text)]));
}

function findModal(
  desk: Desk,
  options: SlackFormOptions,
): { readonly user: SlackUser; readonly view: SlackView } {
  const { directory, views } = desk.workspace;
  const user = directory.person(options.user);
  const id = options.viewId ?? views.top(user.id)?.id;
  if (id === undefined) throw new Error(`${user.name} has no modal on the screen.`);
  return { user, view: openView(desk, user, id) };
}

/** Enters values into the fields of a modal, within what the client allows. */
function fillIn(
  desk: Desk,
  user: SlackUser,
  view: SlackView,
  values: Readonly<Record<string, unknown>>,
): Entered {
  const fields = liveElements(view.blocks);
  const key = `${view.id} ${user.id}`;
  let entered: Entered = desk.entered.get(key) ?? {};
  for (const [name, value] of Object.entries(values)) {
    const field = fields.find((one) => one.element.action_id === name || one.blockId === name);
    if (field === undefined) throw new Error(`The modal has no field "${name}".`);
    checkLength(field, value);
    const actionId = textAt(field.element, "action_id") ?? "";
    const own = { ...entered[field.blockId], [actionId]: value };
    entered = { ...entered, [field.blockId]: own };
  }
  desk.entered.set(key, entered);
  for (const field of fields) {
    const actionId = textAt(field.element, "action_id") ?? "";
    const isNeeded = field.isInput && field.block.optional !== true;
    if (isNeeded && !isFilled(field, entered[field.blockId]?.[actionId])) {
      throw new Error(
        `The field "${actionId}" of the modal must be filled in before it is submitted.`,
      );
    }
  }
  return entered;
}

function checkLength(field: LiveElement, value: unknown): void {
  if (typeof value !== "string") return;
  const { min_length: least, max_length: most, action_id: name } = field.element;
  const isShort = typeof least === "number" && value.length < least;
  const isLong = typeof most === "number" && value.length > most;
  if (isShort || isLong) {
    throw new Error(
      `The text for the field "${String(name)}" is too ${isShort ? "short" : "long"}.`,
    );
  }
}

/** What a person looks for in a menu whose options the app delivers. */
export interface SlackSuggestOptions extends SlackDeliveryOptions {
  readonly user?: string | undefined;
  readonly viewId?: string | undefined;
  readonly actionId: string;
  /** What has been typed so far. */
  readonly value: string;
}

/** A person types into a menu with an external data source of the modal on top; the options are in `ack.body`. */
export async function suggest(desk: Desk, options: SlackSuggestOptions): Promise<SlackDelivery> {
  const { workspace, courier } = desk;
  const { user, view } = findModal(desk, options);
  const field = liveElements(view.blocks).find((one) => one.element.action_id === options.actionId);
  if (field === undefined) throw new Error(`The modal has no menu "${options.actionId}".`);
  const payload = {
    ...interaction(workspace, "block_suggestion", user),
    container: { type: "view", view_id: view.id },
    view: workspace.views.render(view),
    action_id: options.actionId,
    block_id: field.blockId,
    value: options.value,
  };
  const bare = await courier.deliver("interactive", payload, options);
  return conclude(desk, bare, "Unable to load options.", (body) => {
    const options = [...objectsAt(body, "options"), ...objectsAt(body, "option_groups")];
    if (options.length > 100) throw new Refusal("too_many_options");
    return undefined;
  });
}
