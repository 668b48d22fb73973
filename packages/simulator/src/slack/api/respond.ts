import { type Fields, isFields, textAt } from "../json.ts";
import { Refusal } from "../refusal.ts";
import { readContent, readNewContent } from "../state/content.ts";
import type { SlackMessage } from "../state/messages.ts";
import { post } from "../state/posting.ts";
import type { ResponseTarget } from "../state/response-urls.ts";
import type { Workspace } from "../state/workspace.ts";

/** What a POST to a response URL is answered with. */
export interface RespondAnswer {
  readonly status: number;
  readonly body: string;
}

/** Does what an app asks for under a response URL; every POST counts as a use. */
export function respond(workspace: Workspace, path: string, body: unknown): RespondAnswer {
  const target = workspace.responseUrls.use(path);
  if (target === undefined) return refuse(404, "invalid_url");
  if (typeof target === "string") return refuse(404, target);
  if (!isFields(body)) return refuse(400, "invalid_payload");
  try {
    applyResponse(workspace, target, body);
    return { status: 200, body: "ok" };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return refuse(400, error.code, error.details);
  }
}

/**
 * Shows the message in the body of an acknowledgement or of a response.
 * Returns the message that is new or changed, undefined after a removal. Throws a Refusal.
 */
export function applyResponse(
  workspace: Workspace,
  target: ResponseTarget,
  body: Fields,
): SlackMessage | undefined {
  const origin =
    target.originTs === undefined
      ? undefined
      : workspace.messages.find(target.channel, target.originTs);
  if (isTrue(body.delete_original)) {
    if (origin === undefined) throw new Refusal("message_not_found");
    workspace.messages.remove(origin);
    return undefined;
  }
  if (isTrue(body.replace_original)) return replace(workspace, origin, body);
  const inChannel = textAt(body, "response_type") === "in_channel";
  return post(workspace, readNewContent(workspace, body), {
    channel: target.channel,
    by: "response_url",
    threadTs: textAt(body, "thread_ts"),
    ephemeralFor: inChannel ? undefined : target.userId,
  });
}

function replace(
  workspace: Workspace,
  origin: SlackMessage | undefined,
  body: Fields,
): SlackMessage {
  if (origin === undefined) throw new Refusal("message_not_found");
  const { text = "", blocks = [], attachments = [] } = readContent(workspace, body);
  if (text === "" && blocks.length === 0 && attachments.length === 0) throw new Refusal("no_text");
  const content = { text, blocks, attachments };
  return workspace.messages.edit(origin, content, workspace.time.now(), "response_url");
}

function isTrue(value: unknown): boolean {
  return value === true || value === "true";
}

function refuse(status: number, error: string, details: Fields = {}): RespondAnswer {
  return { status, body: JSON.stringify({ ok: false, error, ...details }) };
}
