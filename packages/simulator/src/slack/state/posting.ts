import type { Fields } from "../json.ts";
import type { SlackContent, SlackMessage } from "./messages.ts";
import type { Workspace } from "./workspace.ts";

/** Where and for whom a message is posted. */
export interface Posting {
  readonly channel: string;
  /** The call that posted it, for the history. */
  readonly by: string;
  /** Default the app itself. */
  readonly user?: string | undefined;
  readonly threadTs?: string | undefined;
  readonly ephemeralFor?: string | undefined;
  readonly files?: readonly Fields[] | undefined;
  readonly metadata?: Fields | undefined;
  readonly isBroadcast?: boolean | undefined;
}

/** Posts a message of the app, or of a person when one is named. */
export function post(workspace: Workspace, content: SlackContent, posting: Posting): SlackMessage {
  const { settings, messages, ids, time } = workspace;
  const now = time.now();
  const draft = {
    ...content,
    channel: posting.channel,
    ts: ids.ts(now),
    threadTs: posting.threadTs,
    user: posting.user ?? settings.app.botUserId,
    isBot: posting.user === undefined,
    ephemeralFor: posting.ephemeralFor,
    files: posting.files ?? [],
    metadata: posting.metadata,
    isBroadcast: posting.isBroadcast ?? false,
  };
  return messages.post(draft, now, posting.by);
}
