import { type Fields, isFields, textAt } from "../json.ts";
import { slackLimits } from "../limits.ts";
import { Refusal } from "../refusal.ts";
import { decode } from "../state/content.ts";
import { post } from "../state/posting.ts";
import type { SlackUpload } from "../state/uploads.ts";
import type { Workspace } from "../state/workspace.ts";
import { required, writable } from "./chat.ts";
import type { ApiMethod } from "./method.ts";

/** The methods before and after the bytes of a file are sent. */
export const fileMethods: Readonly<Record<string, ApiMethod>> = {
  "files.getUploadURLExternal": { scope: "files:write", perMinute: 100, run: getUploadUrl },
  "files.completeUploadExternal": { scope: "files:write", perMinute: 100, run: complete },
};

/** Slack documents `alt_txt`; its own client sends `alt_text`. */
function getUploadUrl(workspace: Workspace, args: Fields): Fields {
  const filename = required(args, "filename", "missing_argument");
  const length = Number(args.length);
  if (!Number.isInteger(length) || length <= 0) throw new Refusal("missing_argument");
  const altText = textAt(args, "alt_txt") ?? textAt(args, "alt_text");
  if (altText !== undefined && altText.length > slackLimits.file.altText) {
    throw new Refusal("alt_txt_too_large");
  }
  const snippetType = textAt(args, "snippet_type");
  const { upload, ticket } = workspace.uploads.reserve({ filename, length, altText, snippetType });
  return { upload_url: `${workspace.baseUrl}/upload/v1/${ticket}`, file_id: upload.id };
}

function complete(workspace: Workspace, args: Fields): Fields {
  const files = decode(args.files);
  if (!Array.isArray(files) || files.length === 0 || !files.every(isFields)) {
    throw new Refusal("invalid_arguments");
  }
  const place = textAt(args, "channel_id");
  const channel = place === undefined ? undefined : writable(workspace, place).id;
  const threadTs = textAt(args, "thread_ts");
  const initialComment = textAt(args, "initial_comment");
  const completedAt = workspace.time.now();
  const uploads = files.map((file) => {
    const id = textAt(file, "id") ?? "";
    const title = textAt(file, "title") ?? workspace.uploads.find(id)?.filename;
    return workspace.uploads.complete(id, {
      title,
      completedAt,
      channel,
      threadTs,
      initialComment,
    });
  });
  if (channel !== undefined) share(workspace, channel, uploads, { threadTs, initialComment });
  return { files: uploads.map(({ id, title }) => ({ id, title })) };
}

/** A shared file is a message of its own. */
function share(
  workspace: Workspace,
  channel: string,
  uploads: readonly SlackUpload[],
  about: { readonly threadTs: string | undefined; readonly initialComment: string | undefined },
): void {
  const files = uploads.map(({ id, filename, title, length, altText }) => ({
    id,
    name: filename,
    title,
    size: length,
    ...(altText === undefined ? {} : { alt_txt: altText }),
  }));
  const content = { text: about.initialComment ?? "", blocks: [], attachments: [] };
  const by = "files.completeUploadExternal";
  post(workspace, content, { channel, by, threadTs: about.threadTs, files });
}
