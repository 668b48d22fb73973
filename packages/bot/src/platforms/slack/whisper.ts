import type { WebClient } from "@slack/web-api";
import type { View } from "../../view/model.ts";
import { slackError } from "./errors.ts";
import type { Fitter } from "./fitted.ts";

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

/** Answers so that only one person sees it. Where the app may not write, the words go back through the request itself. */
export async function whisper(target: WhisperTarget, view: View): Promise<void> {
  const { client, fitter, place, person, thread, respond } = target;
  let words = "";
  try {
    await fitter.send(view, ({ text, blocks }) => {
      words = text;
      return client.chat.postEphemeral({
        channel: place,
        user: person,
        text,
        blocks: [...blocks],
        ...(thread === undefined ? {} : { thread_ts: thread }),
      });
    });
  } catch (error) {
    if (respond === undefined) throw slackError(error, "chat.postEphemeral");
    await respond({ response_type: "ephemeral", replace_original: false, text: words });
  }
}
