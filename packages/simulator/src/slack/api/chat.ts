import { type Fields, isFields, textAt } from "../json.ts";
import { slackLimits } from "../limits.ts";
import { Refusal } from "../refusal.ts";
import { decode, readContent, readNewContent } from "../state/content.ts";
import { type Conversation, isMember } from "../state/directory.ts";
import type { SlackMessage } from "../state/messages.ts";
import { post } from "../state/posting.ts";
import { wireMessage } from "../state/wire.ts";
import type { Workspace } from "../state/workspace.ts";
import type { ApiMethod } from "./method.ts";

/** The methods that post, change and remove messages. */
export const chatMethods: Readonly<Record<string, ApiMethod>> = {
  "chat.postMessage": { scope: "chat:write", run: postMessage },
  "chat.postEphemeral": { scope: "chat:write", perMinute: 100, run: postEphemeral },
  "chat.update": { scope: "chat:write", perMinute: 50, run: update },
  "chat.delete": { scope: "chat:write", perMinute: 50, run: remove },
  "chat.getPermalink": { run: permalink },
};

/** Finds where the app may post; a person's id stands for the direct messages with them. */
export function writable(workspace: Workspace, reference: string): Conversation {
  const { directory } = workspace;
  const user = directory.findUser(reference);
  const found = user === undefined ? directory.lookUp(reference) : directory.direct(user.id);
  if (found === undefined) throw new Refusal("channel_not_found");
  if (found.kind === "private" && !found.hasBot) throw new Refusal("channel_not_found");
  if (!found.hasBot) throw new Refusal("not_in_channel");
  if (found.isArchived) throw new Refusal("is_archived");
  return found;
}

function postMessage(workspace: Workspace, args: Fields): Fields {
  const conversation = writable(workspace, required(args, "channel", "channel_not_found"));
  const message = post(workspace, readNewContent(workspace, args), {
    channel: conversation.id,
    by: "chat.postMessage",
    threadTs: threadOf(workspace, conversation, args),
    metadata: readMetadata(args),
    isBroadcast: args.reply_broadcast === "true" || args.reply_broadcast === true,
  });
  return {
    channel: conversation.id,
    ts: message.ts,
    message: wireMessage(message, workspace.settings),
  };
}

function postEphemeral(workspace: Workspace, args: Fields): Fields {
  const conversation = writable(workspace, required(args, "channel", "channel_not_found"));
  const userId = required(args, "user", "user_not_in_channel");
  if (workspace.directory.findUser(userId) === undefined || !isMember(conversation, userId)) {
    throw new Refusal("user_not_in_channel");
  }
  const message = post(workspace, readNewContent(workspace, args), {
    channel: conversation.id,
    by: "chat.postEphemeral",
    threadTs: threadOf(workspace, conversation, args),
    ephemeralFor: userId,
  });
  return { message_ts: message.ts };
}

/** Text without blocks removes the blocks; blocks without text keep the text. */
function update(workspace: Workspace, args: Fields): Fields {
  const message = ownMessage(workspace, args, "cant_update_message");
  const given = readContent(workspace, args, slackLimits.message.updateText);
  if (given.text === undefined && given.blocks === undefined && given.attachments === undefined) {
    throw new Refusal("no_text");
  }
  const content = {
    text: given.text ?? message.text,
    blocks: given.blocks ?? (given.text === undefined ? message.blocks : []),
    attachments: given.attachments ?? (given.text === undefined ? message.attachments : []),
  };
  const empty = content.text === "" && content.blocks.length === 0;
  if (empty && content.attachments.length === 0) throw new Refusal("no_text");
  const { settings, messages, time } = workspace;
  const edited = messages.edit(message, content, time.now(), "chat.update");
  return {
    channel: edited.channel,
    ts: edited.ts,
    text: edited.text,
    message: wireMessage(edited, settings),
  };
}

function remove(workspace: Workspace, args: Fields): Fields {
  const message = ownMessage(workspace, args, "cant_delete_message");
  workspace.messages.remove(message);
  return { channel: message.channel, ts: message.ts };
}

function permalink(workspace: Workspace, args: Fields): Fields {
  const message = visibleMessage(workspace, args, "message_ts");
  const path = `archives/${message.channel}/p${message.ts.replace(".", "")}`;
  const { domain } = workspace.settings.team;
  return { channel: message.channel, permalink: `https://${domain}.slack.com/${path}` };
}

function ownMessage(workspace: Workspace, args: Fields, denied: string): SlackMessage {
  const message = visibleMessage(workspace, args, "ts");
  if (!message.isBot) throw new Refusal(denied);
  return message;
}

/** Ephemeral messages cannot be reached by these methods: for Slack they do not exist. */
function visibleMessage(workspace: Workspace, args: Fields, key: string): SlackMessage {
  const channel = required(args, "channel", "channel_not_found");
  if (workspace.directory.find(channel) === undefined) throw new Refusal("channel_not_found");
  const message = workspace.messages.find(channel, required(args, key, "message_not_found"));
  if (message === undefined || message.ephemeralFor !== undefined) {
    throw new Refusal("message_not_found");
  }
  return message;
}

function threadOf(
  workspace: Workspace,
  conversation: Conversation,
  args: Fields,
): string | undefined {
  const ts = textAt(args, "thread_ts");
  if (ts === undefined || ts === "") return undefined;
  const parent = workspace.messages.find(conversation.id, ts);
  if (parent === undefined || parent.ephemeralFor !== undefined) {
    throw new Refusal("cannot_reply_to_message");
  }
  return parent.threadTs ?? parent.ts;
}

function readMetadata(args: Fields): Fields | undefined {
  if (args.metadata === undefined) return undefined;
  const metadata = decode(args.metadata);
  if (!isFields(metadata)) throw new Refusal("invalid_metadata_format");
  if (textAt(metadata, "event_type") === undefined || !isFields(metadata.event_payload)) {
    throw new Refusal("invalid_metadata_schema");
  }
  return metadata;
}

/** Reads an argument that must be there. Throws the given refusal. */
export function required(args: Fields, key: string, error: string): string {
  const value = textAt(args, key);
  if (value === undefined || value === "") throw new Refusal(error);
  return value;
}
