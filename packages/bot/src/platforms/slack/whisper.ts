import type { WebClient } from "@slack/web-api";
import type { View } from "../../view/model.ts";
import { isSlackError, slackError } from "./errors.ts";
import type { Fitter } from "./fitted.ts";
import { renderSlack } from "./render.ts";

/** Answers through the address that came with the request; works where the app is no member. */
export type Respond = (message: {
  readonly response_type: "ephemeral";
  readonly replace_original: false;
  readonly text: string;
}) => Promise<unknown>;

/** To whom a private answer goes. */
export interface WhisperTarget {
  readonly client: WebClient;
  readonly fitter: Fitter;
  readonly place: string;
  readonly person: string;
  readonly thread: string | undefined;
  readonly respond: Respond | undefined;
}

/**
 * Answers so that only one person sees it. Where the app may not write, the words go back through the request
 * itself, and when that is too old, as a direct message.
 */
export async function whisper(target: WhisperTarget, view: View): Promise<void> {
  try {
    await postEphemeral(target, view);
  } catch (error) {
    if (!isSlackError(error)) throw error;
    const isAnswered = await answerRequest(target, view);
    if (!isAnswered) await directMessage(target, view, error);
  }
}

async function postEphemeral(target: WhisperTarget, view: View): Promise<void> {
  const { client, fitter, place, person, thread } = target;
  await fitter.send(view, ({ text, blocks }) =>
    client.chat.postEphemeral({
      channel: place,
      user: person,
      text,
      blocks: [...blocks],
      ...(thread === undefined ? {} : { thread_ts: thread }),
    }),
  );
}

/** Tells whether the answer went through; the address holds for half an hour and five uses. */
async function answerRequest({ respond }: WhisperTarget, view: View): Promise<boolean> {
  if (respond === undefined) return false;
  const { text } = renderSlack(view);
  try {
    await respond({ response_type: "ephemeral", replace_original: false, text });
    return true;
  } catch {
    // Why does not matter: the direct message comes next, and its failure is told.
    return false;
  }
}

/** `first` is why the answer could not be given in the channel. */
async function directMessage(target: WhisperTarget, view: View, first: unknown): Promise<void> {
  const { client, fitter, person } = target;
  try {
    const { channel } = await client.conversations.open({ users: person });
    if (channel?.id === undefined) throw first;
    const { id } = channel;
    await fitter.send(view, ({ text, blocks }) =>
      client.chat.postMessage({ channel: id, text, blocks: [...blocks] }),
    );
  } catch (error) {
    throw slackError(error, "chat.postEphemeral");
  }
}
