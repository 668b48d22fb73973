import { Kappa4Error, type Logger } from "@kappa4/sdk";
import type { WebClient } from "@slack/web-api";
import type { MessagePort, MessageRef } from "../../core/port.ts";
import type { View, ViewFile } from "../../view/model.ts";
import type { Clients } from "./clients.ts";
import { isGone, slackError } from "./errors.ts";
import type { Fitter } from "./fitted.ts";
import type { SlackMessage } from "./render.ts";

/** What the messages of a workspace need. */
export interface MessagesOptions {
  readonly clients: Clients;
  readonly fitter: Fitter;
  readonly logger: Logger;
}

/** Gets messages out to Slack. */
export function createMessages({ clients, fitter, logger }: MessagesOptions): MessagePort {
  return {
    async post(place, view, under) {
      const { ref, files } = await post(clients.answers, fitter, { place, view, under });
      await upload(clients.answers, files, under ?? ref, logger);
      return ref;
    },
    async direct(person) {
      try {
        const { channel } = await clients.answers.conversations.open({ users: person });
        return channel?.id ?? person;
      } catch (error) {
        throw slackError(error, "conversations.open");
      }
    },
    async edit(message, view) {
      try {
        await fitter.send(view, ({ text, blocks }) =>
          clients.edits.chat.update({
            channel: message.place,
            ts: message.id,
            text,
            blocks: [...blocks],
          }),
        );
      } catch (error) {
        if (!isGone(error)) throw slackError(error, "chat.update");
        throw new Kappa4Error(
          "not_found",
          "The Slack message to be edited is gone; ask for a new one.",
          {
            cause: error,
          },
        );
      }
    },
  };
}

interface Posting {
  readonly place: string;
  readonly view: View;
  readonly under: MessageRef | undefined;
}

async function post(
  client: WebClient,
  fitter: Fitter,
  { place, view, under }: Posting,
): Promise<{ readonly ref: MessageRef; readonly files: SlackMessage["files"] }> {
  try {
    return await fitter.send(view, async ({ text, blocks, files }) => {
      const answer = await client.chat.postMessage({
        channel: place,
        text,
        blocks: [...blocks],
        unfurl_links: false,
        unfurl_media: false,
        ...(under === undefined ? {} : { thread_ts: under.id }),
      });
      return { ref: { place: answer.channel ?? place, id: answer.ts ?? "" }, files };
    });
  } catch (error) {
    throw slackError(error, "chat.postMessage");
  }
}

/** Puts files below a message. Their absence is a pity and no failure: the message says what they hold. */
async function upload(
  client: WebClient,
  files: readonly ViewFile[],
  under: MessageRef,
  logger: Logger,
): Promise<void> {
  for (const { name, title, content } of files) {
    try {
      await client.files.uploadV2({
        channel_id: under.place,
        thread_ts: under.id,
        filename: name,
        title,
        content,
      });
    } catch (error) {
      logger.warn(
        { file: name, error: slackError(error, "files.uploadV2") },
        "file could not be uploaded",
      );
    }
  }
}
