import { type Fields, isFields } from "../json.ts";
import type { SlackSettings, SlackUser } from "../options.ts";
import type { Conversation } from "./directory.ts";
import type { SlackMessage } from "./messages.ts";

/** The message as Slack writes it into answers and payloads. */
export function wireMessage(message: SlackMessage, settings: SlackSettings): Fields {
  const { app, team } = settings;
  const edits = message.history.length > 1;
  return {
    type: "message",
    user: message.user,
    ...(message.isBot ? { bot_id: app.botId, app_id: app.id } : {}),
    ts: message.ts,
    team: team.id,
    text: message.text,
    ...(message.blocks.length > 0 ? { blocks: escapePlainText(message.blocks) } : {}),
    ...(message.attachments.length > 0 ? { attachments: message.attachments } : {}),
    ...(message.files.length > 0 ? { files: message.files, subtype: "file_share" } : {}),
    ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
    ...(message.metadata === undefined ? {} : { metadata: message.metadata }),
    ...(edits ? { edited: { user: message.user, ts: message.ts } } : {}),
  };
}

/** Escapes the three characters that Slack reserves, as it does with what people write. */
export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Slack hands plain text back escaped, even though it was sent raw. */
export function escapePlainText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(escapePlainText);
  if (!isFields(value)) return value;
  if (value.type === "plain_text" && typeof value.text === "string") {
    return { ...value, text: escapeText(value.text) };
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, escapePlainText(part)]),
  );
}

/** The person as users.info describes them; the e-mail only for those who may see it. */
export function wireUser(
  user: SlackUser,
  settings: SlackSettings,
  show: { readonly locale: boolean; readonly email: boolean },
): Fields {
  const realName = user.realName ?? user.name;
  return {
    id: user.id,
    team_id: user.teamId ?? settings.team.id,
    name: user.name,
    deleted: user.isDeleted === true,
    real_name: realName,
    tz: user.tz ?? "Etc/UTC",
    tz_offset: 0,
    profile: {
      real_name: realName,
      display_name: user.name,
      team: user.teamId ?? settings.team.id,
      ...(show.email && user.email !== undefined ? { email: user.email } : {}),
    },
    is_admin: user.isAdmin === true,
    is_owner: false,
    is_restricted: user.isRestricted === true,
    is_ultra_restricted: user.isUltraRestricted === true,
    is_bot: user.isBot === true,
    is_app_user: false,
    ...(user.isStranger === true ? { is_stranger: true } : {}),
    ...(show.locale ? { locale: user.locale ?? "en-US" } : {}),
  };
}

/** Name of a conversation in payloads: direct messages have a fixed one, private channels are hidden. */
export function wireChannelName(conversation: Conversation): string {
  return conversation.kind === "private" ? "privategroup" : conversation.name;
}
