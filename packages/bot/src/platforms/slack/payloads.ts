import { z } from "zod";
import type { PersonRef } from "../../core/people.ts";
import type { RequestContent } from "../../core/request.ts";

/** What a payload of Slack says, in our words. */
export interface SlackRequest {
  readonly keys: readonly string[];
  readonly person: PersonRef;
  readonly place: string;
  readonly thread?: string | undefined;
  readonly content: RequestContent;
}

const slash = z.looseObject({
  command: z.string(),
  text: z.string().optional(),
  user_id: z.string(),
  team_id: z.string(),
  channel_id: z.string(),
  trigger_id: z.string().optional(),
});

const press = z.looseObject({
  user: z.looseObject({ id: z.string(), team_id: z.string().optional() }),
  team: z.looseObject({ id: z.string() }).nullish(),
  channel: z.looseObject({ id: z.string() }).optional(),
  container: z.looseObject({ channel_id: z.string().optional() }).optional(),
  trigger_id: z.string().optional(),
  actions: z.array(z.looseObject({ value: z.string().optional() })).min(1),
});

const mention = z.looseObject({
  team_id: z.string(),
  event_id: z.string(),
  event: z.looseObject({
    user: z.string(),
    team: z.string().optional(),
    user_team: z.string().optional(),
    text: z.string(),
    channel: z.string(),
    thread_ts: z.string().optional(),
  }),
});

/** Reads a slash command; undefined when it is not one. */
export function readSlash(body: unknown, requestKey: string): SlackRequest | undefined {
  const { data } = slash.safeParse(body);
  if (data === undefined) return undefined;
  return {
    keys: [requestKey, ...triggerKey(data.trigger_id)],
    person: { id: data.user_id, team: data.team_id },
    place: data.channel_id,
    content: { kind: "text", command: data.command.replace(/^\//, ""), text: data.text ?? "" },
  };
}

/** Reads a press on a button; undefined when it carries nothing of ours. */
export function readPress(body: unknown, requestKey: string): SlackRequest | undefined {
  const { data } = press.safeParse(body);
  const place = data?.channel?.id ?? data?.container?.channel_id;
  const token = data?.actions[0]?.value;
  if (data === undefined || place === undefined || token === undefined) return undefined;
  return {
    keys: [requestKey, ...triggerKey(data.trigger_id)],
    person: { id: data.user.id, team: data.user.team_id ?? data.team?.id ?? "" },
    place,
    content: { kind: "button", token },
  };
}

/** Reads a mention: `@kappa4 rebalance status` is the command `/rebalance status`. */
export function readMention(body: unknown, requestKey: string): SlackRequest | undefined {
  const { data } = mention.safeParse(body);
  if (data === undefined) return undefined;
  const { event, event_id, team_id } = data;
  const words = event.text.replace(/^\s*<@[^>]+>\s*/, "").trim();
  const [, command = "", text = ""] = /^\/?(\S*)\s*(.*)$/s.exec(words) ?? [];
  return {
    keys: [requestKey, `event:${event_id}`],
    person: { id: event.user, team: event.user_team ?? event.team ?? team_id },
    place: event.channel,
    thread: event.thread_ts,
    content: { kind: "text", command: command.toLowerCase(), text: unescapeText(text) },
  };
}

/** One act of a person has one trigger, however often and by whichever way it is delivered. */
function triggerKey(trigger: string | undefined): readonly string[] {
  return trigger === undefined ? [] : [`trigger:${trigger}`];
}

function unescapeText(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
