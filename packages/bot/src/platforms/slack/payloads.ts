import { z } from "zod";
import type { PersonRef } from "../../core/people.ts";
import type { MessageRef } from "../../core/port.ts";
import type { RequestContent } from "../../core/request.ts";

/** What a payload of Slack says, in our words. */
export interface SlackRequest {
  readonly keys: readonly string[];
  readonly person: PersonRef;
  readonly place: string;
  readonly thread?: string | undefined;
  readonly content: RequestContent;
  /** With it a form can be opened, for three seconds. */
  readonly trigger?: string | undefined;
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
  container: z
    .looseObject({
      channel_id: z.string().optional(),
      message_ts: z.string().optional(),
      is_ephemeral: z.boolean().optional(),
    })
    .optional(),
  trigger_id: z.string().optional(),
  actions: z.array(z.looseObject({ value: z.string().optional() })).min(1),
});

const submission = z.looseObject({
  user: z.looseObject({ id: z.string(), team_id: z.string().optional() }),
  team: z.looseObject({ id: z.string() }).nullish(),
  trigger_id: z.string().optional(),
  view: z.looseObject({
    private_metadata: z.string(),
    state: z.looseObject({
      values: z.record(
        z.string(),
        z.record(z.string(), z.looseObject({ value: z.string().nullish() })),
      ),
    }),
  }),
});

const behindPress = z.object({
  place: z.string(),
  content: z.object({
    kind: z.literal("button"),
    value: z.string(),
    message: z.object({ place: z.string(), id: z.string() }).optional(),
  }),
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
  const value = data?.actions[0]?.value;
  if (data === undefined || place === undefined || value === undefined) return undefined;
  const { message_ts: ts, is_ephemeral: isPrivate } = data.container ?? {};
  const message: MessageRef | undefined =
    ts === undefined || isPrivate === true ? undefined : { place, id: ts };
  return {
    keys: [requestKey, ...triggerKey(data.trigger_id)],
    person: { id: data.user.id, team: data.user.team_id ?? data.team?.id ?? "" },
    place,
    content: { kind: "button", value, message },
    trigger: data.trigger_id,
  };
}

/** Reads a form that was filled in; undefined when it is none of ours. */
export function readSubmission(body: unknown, requestKey: string): SlackRequest | undefined {
  const { data } = submission.safeParse(body);
  const behind = data && readBehind(data.view.private_metadata);
  if (data === undefined || behind === undefined) return undefined;
  const fields = Object.values(data.view.state.values).flatMap((one) => Object.entries(one));
  const answers = fields.map(([name, { value }]) => [name, value ?? ""]);
  return {
    keys: [requestKey, ...triggerKey(data.trigger_id)],
    person: { id: data.user.id, team: data.user.team_id ?? data.team?.id ?? "" },
    place: behind.place,
    content: { ...behind.content, answers: Object.fromEntries(answers) },
  };
}

/** What a form keeps of the press that opened it. */
export function behindForm({ place, content }: SlackRequest): string {
  return JSON.stringify({ place, content });
}

function readBehind(text: string): z.output<typeof behindPress> | undefined {
  try {
    return behindPress.safeParse(JSON.parse(text)).data;
  } catch {
    // Whatever else is kept in a form is none of ours.
    return undefined;
  }
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
