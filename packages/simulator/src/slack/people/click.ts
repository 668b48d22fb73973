import type { SlackDelivery, SlackDeliveryOptions } from "../delivery/envelope.ts";
import { type Fields, isFields, textAt } from "../json.ts";
import type { SlackUser } from "../options.ts";
import { isMember } from "../state/directory.ts";
import { type LiveElement, liveElements } from "../state/elements.ts";
import type { SlackMessage } from "../state/messages.ts";
import type { SlackView } from "../state/views.ts";
import { escapePlainText, wireChannelName, wireMessage } from "../state/wire.ts";
import { elementState, stateValues } from "./choices.ts";
import { conclude, type Desk, interaction } from "./desk.ts";

/** Which element a person uses. */
interface ElementReference {
  readonly actionId?: string | undefined;
  readonly blockId?: string | undefined;
  /** What is written on the button. */
  readonly text?: string | undefined;
}

/** A person's click on a button, or choice from a menu. */
export interface SlackClickOptions extends ElementReference, SlackDeliveryOptions {
  /** Id or name; default the first person. */
  readonly user?: string | undefined;
  /** Id or name of the channel; default wherever the message is. */
  readonly channel?: string | undefined;
  /** Default the newest message that the person sees and that has the element. */
  readonly messageTs?: string | undefined;
  /** The element is in this view instead of in a message. */
  readonly viewId?: string | undefined;
  /** For menus: value (or text) of the option, a list of them, or a user or channel id. */
  readonly choice?: unknown;
  /** Uses the message as it once was, as a client does that has not heard of the edit yet. */
  readonly stale?: boolean | undefined;
}

/** A place that holds the element: what the person looks at. */
interface Scene {
  readonly id: string;
  readonly blocks: readonly Fields[];
  readonly live: LiveElement;
}

/** A person clicks. Throws when there is nothing to click on, as a person could not do it either. */
export async function click(desk: Desk, options: SlackClickOptions): Promise<SlackDelivery> {
  const { workspace } = desk;
  const user = workspace.directory.person(options.user);
  const payload =
    options.viewId === undefined
      ? clickInMessage(desk, user, options)
      : clickInView(desk, user, options.viewId, options);
  const bare = await desk.courier.deliver("interactive", payload, options);
  return conclude(desk, bare, "The app did not respond to the click.", () => undefined);
}

function clickInMessage(desk: Desk, user: SlackUser, options: SlackClickOptions): Fields {
  const { workspace } = desk;
  const { settings } = workspace;
  const { message, live } = findInMessages(desk, user, options);
  const channel = workspace.directory.place(message.channel);
  const scene = { id: `${message.channel} ${message.ts}`, blocks: message.blocks, live };
  const target = {
    kind: "actions" as const,
    channel: channel.id,
    userId: user.id,
    originTs: message.ts,
  };
  const isEphemeral = message.ephemeralFor !== undefined;
  return {
    ...interaction(workspace, "block_actions", user),
    container: {
      type: "message",
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: isEphemeral,
      ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
    },
    trigger_id: workspace.triggers.issue(user.id, undefined),
    channel: { id: channel.id, name: wireChannelName(channel) },
    ...(isEphemeral ? {} : { message: wireMessage(message, settings) }),
    response_url: `${workspace.baseUrl}${workspace.responseUrls.issue(target, settings.team.id)}`,
    ...act(desk, user, scene, options),
  };
}

function clickInView(
  desk: Desk,
  user: SlackUser,
  viewId: string,
  options: SlackClickOptions,
): Fields {
  const { workspace } = desk;
  const view = openView(desk, user, viewId);
  const live = findElement(view.blocks, options);
  if (live === undefined) throw missing(options, "the view as it stands");
  const { state, actions } = act(desk, user, { id: view.id, blocks: view.blocks, live }, options);
  const values = isFields(state) && isFields(state.values) ? state.values : {};
  return {
    ...interaction(workspace, "block_actions", user),
    container: { type: "view", view_id: view.id },
    trigger_id: workspace.triggers.issue(user.id, view.id),
    view: workspace.views.render(view, values),
    actions,
  };
}

/** Finds a view that the person has before them. Throws when it is closed. */
export function openView(desk: Desk, user: SlackUser, viewId: string): SlackView {
  const { views } = desk.workspace;
  const view = views.find(viewId);
  const isShown = view?.id === views.top(user.id)?.id || view?.id === views.home(user.id)?.id;
  if (view === undefined || view.userId !== user.id || !isShown) {
    throw new Error(`${user.name} does not have the view ${viewId} on the screen.`);
  }
  return view;
}

/** Remembers the choice and describes it together with everything else that the place holds. */
function act(desk: Desk, user: SlackUser, scene: Scene, options: SlackClickOptions): Fields {
  const { blockId, element } = scene.live;
  const actionId = textAt(element, "action_id") ?? "";
  const key = `${scene.id} ${user.id}`;
  const before = desk.entered.get(key) ?? {};
  const now =
    options.choice === undefined
      ? before
      : { ...before, [blockId]: { ...before[blockId], [actionId]: options.choice } };
  desk.entered.set(key, now);
  const { text, value, style } = element;
  const type = textAt(element, "type") ?? "";
  const shown = Object.fromEntries(
    Object.entries({ text, value, style }).filter(([, part]) => part !== undefined),
  );
  const action = {
    type,
    action_id: actionId,
    block_id: blockId,
    ...(elementState(element, options.choice) ?? shown),
    action_ts: desk.workspace.ids.ts(desk.workspace.time.now()),
  };
  return {
    state: { values: stateValues(scene.blocks, now) },
    actions: [escapePlainText(action)],
  };
}

function findInMessages(
  desk: Desk,
  user: SlackUser,
  options: SlackClickOptions,
): { readonly message: SlackMessage; readonly live: LiveElement } {
  const { directory, messages } = desk.workspace;
  const channel = options.channel === undefined ? undefined : directory.place(options.channel).id;
  const kept = options.stale === true ? [...messages.removed(), ...messages.all()] : messages.all();
  const visible = kept.filter((message) => {
    if (channel !== undefined && message.channel !== channel) return false;
    if (options.messageTs !== undefined && message.ts !== options.messageTs) return false;
    if (message.ephemeralFor !== undefined) return message.ephemeralFor === user.id;
    return isMember(directory.place(message.channel), user.id);
  });
  for (const message of visible.reverse()) {
    const versions = options.stale === true ? [...message.history].reverse() : [message];
    for (const { text, blocks, attachments } of versions) {
      const live = findElement(blocks, options);
      if (live !== undefined) return { message: { ...message, text, blocks, attachments }, live };
    }
  }
  throw missing(options, "any message that the person sees, as it stands");
}

function findElement(blocks: readonly Fields[], wanted: ElementReference): LiveElement | undefined {
  return liveElements(blocks).find(({ blockId, element }) => {
    if (wanted.actionId !== undefined && element.action_id !== wanted.actionId) return false;
    if (wanted.blockId !== undefined && blockId !== wanted.blockId) return false;
    if (wanted.text === undefined) return wanted.actionId !== undefined;
    return isFields(element.text) && element.text.text === wanted.text;
  });
}

function missing(wanted: ElementReference, where: string): Error {
  const name = wanted.actionId ?? wanted.text ?? wanted.blockId ?? "";
  return new Error(`There is no "${name}" to click on in ${where}.`);
}
