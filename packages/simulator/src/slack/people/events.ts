import type { SlackDelivery, SlackDeliveryOptions } from "../delivery/envelope.ts";
import type { Fields } from "../json.ts";
import { isMember } from "../state/directory.ts";
import { post } from "../state/posting.ts";
import { escapeText } from "../state/wire.ts";
import type { Workspace } from "../state/workspace.ts";
import { conclude, type Desk } from "./desk.ts";

/** Who mentions the app, and where. */
export interface SlackMentionOptions extends SlackDeliveryOptions {
  /** Id or name; default the first person. */
  readonly user?: string | undefined;
  /** Id or name; default the first channel that the app is in. */
  readonly channel?: string | undefined;
  readonly threadTs?: string | undefined;
}

/** Who opens the Home tab. */
export interface SlackHomeOptions extends SlackDeliveryOptions {
  readonly user?: string | undefined;
}

/** A person writes a message that mentions the app. Throws when the app would not hear of it. */
export async function mention(
  desk: Desk,
  text: string,
  options: SlackMentionOptions = {},
): Promise<SlackDelivery> {
  const { workspace } = desk;
  const { app, scopes, team } = workspace.settings;
  const user = workspace.directory.person(options.user);
  const channel = workspace.directory.place(options.channel);
  if (!scopes.includes("app_mentions:read")) {
    throw new Error("The app hears of no mentions: its token lacks the scope app_mentions:read.");
  }
  if (!channel.hasBot || !isMember(channel, user.id)) {
    throw new Error(`The app and ${user.name} are not both in ${channel.name}.`);
  }
  const words = ` ${text.trim()}`;
  const elements = [
    { type: "user", user_id: app.botUserId },
    { type: "text", text: words },
  ];
  const blocks = [
    {
      type: "rich_text",
      block_id: workspace.ids.short(),
      elements: [{ type: "rich_text_section", elements }],
    },
  ];
  const written = `<@${app.botUserId}>${escapeText(words)}`;
  const content = { text: written, blocks, attachments: [] };
  const { threadTs } = options;
  const message = post(workspace, content, {
    channel: channel.id,
    by: "person",
    user: user.id,
    threadTs,
  });
  const event = {
    type: "app_mention",
    user: user.id,
    team: team.id,
    text: content.text,
    blocks,
    ts: message.ts,
    channel: channel.id,
    event_ts: message.ts,
    ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
  };
  return deliverEvent(desk, event, options);
}

/** A person opens the app's Home tab. */
export async function openHome(desk: Desk, options: SlackHomeOptions = {}): Promise<SlackDelivery> {
  const { workspace } = desk;
  const user = workspace.directory.person(options.user);
  const home = workspace.views.home(user.id);
  const event = {
    type: "app_home_opened",
    user: user.id,
    channel: workspace.directory.direct(user.id).id,
    tab: "home",
    event_ts: workspace.ids.ts(workspace.time.now()),
    ...(home === undefined ? {} : { view: workspace.views.render(home) }),
  };
  return deliverEvent(desk, event, options);
}

/** Slack checks that an address is the app's: the answer has to contain the challenge. */
export async function verifyUrl(desk: Desk, options: SlackDeliveryOptions): Promise<SlackDelivery> {
  const payload = {
    type: "url_verification",
    token: "simulated-verification-token",
    challenge: desk.workspace.ids.hex(32),
  };
  const bare = await desk.courier.deliver("events_api", payload, { ...options, via: "http" });
  return conclude(desk, bare, "", () => undefined);
}

/** Sends an event and, when nobody acknowledges it, sends it again later, as Slack does for events only. */
async function deliverEvent(
  desk: Desk,
  event: Fields,
  options: SlackDeliveryOptions,
): Promise<SlackDelivery> {
  const payload = callback(desk.workspace, event);
  const bare = await desk.courier.deliver("events_api", payload, options);
  const delivery = conclude(desk, bare, "", () => undefined);
  if (delivery.outcome !== "acknowledged") retryLater(desk, delivery, options);
  return delivery;
}

function retryLater(desk: Desk, last: SlackDelivery, options: SlackDeliveryOptions): void {
  const delay = desk.workspace.settings.eventRetryDelaysMs[last.attempt];
  if (delay === undefined) return;
  const timer = setTimeout(() => {
    desk.timers.delete(timer);
    void retry(desk, last, options);
  }, delay);
  desk.timers.add(timer);
}

async function retry(
  desk: Desk,
  last: SlackDelivery,
  options: SlackDeliveryOptions,
): Promise<void> {
  const reason = {
    timeout: "http_timeout",
    refused: "http_error",
    unreachable: "connection_failed",
  };
  const why = last.outcome === "acknowledged" ? "" : reason[last.outcome];
  const again = { via: options.via };
  const bare = await desk.courier.deliver("events_api", last.payload, again, {
    attempt: last.attempt + 1,
    reason: why,
  });
  const delivery = conclude(desk, bare, "", () => undefined);
  if (delivery.outcome !== "acknowledged") retryLater(desk, delivery, options);
}

function callback(workspace: Workspace, event: Fields): Fields {
  const { app, team } = workspace.settings;
  const authorization = {
    enterprise_id: null,
    team_id: team.id,
    user_id: app.botUserId,
    is_bot: true,
    is_enterprise_install: false,
  };
  return {
    token: "simulated-verification-token",
    team_id: team.id,
    api_app_id: app.id,
    event,
    type: "event_callback",
    event_id: workspace.ids.id("Ev"),
    event_time: Math.floor(workspace.time.now() / 1000),
    authorizations: [authorization],
    is_ext_shared_channel: false,
    event_context: workspace.ids.secret(),
  };
}
