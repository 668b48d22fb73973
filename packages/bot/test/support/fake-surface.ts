import { randomUUID } from "node:crypto";
import { Kappa4Error } from "@kappa4/sdk";
import type { MessagePort, MessageRef } from "../../src/core/port.ts";
import type { BotRequest, RequestContent } from "../../src/core/request.ts";
import type { Action, View } from "../../src/view/model.ts";
import { viewText } from "../../src/view/text.ts";

/** A message as the test sees it. */
export interface SeenMessage {
  readonly ref: MessageRef;
  readonly under: MessageRef | undefined;
  /** Every view that the message has shown, in order. */
  readonly views: View[];
}

/** A surface in memory: what is posted and edited, and what fails on request. */
export interface FakeSurface extends MessagePort {
  readonly messages: SeenMessage[];
  /** Private answers, by person. */
  readonly whispers: { readonly person: string; readonly view: View }[];
  /** Thrown by the next edits, in order. */
  readonly editErrors: unknown[];
  readonly postErrors: unknown[];
  /** How often edit was called. */
  edits: number;
  request(
    content: RequestContent,
    options?: Partial<BotRequest> & { readonly user?: string },
  ): BotRequest;
}

/** Makes an empty surface. */
export function fakeSurface(): FakeSurface {
  let serial = 0;
  const surface: FakeSurface = {
    messages: [],
    whispers: [],
    editErrors: [],
    postErrors: [],
    edits: 0,
    async post(place, view, under) {
      const error = surface.postErrors.shift();
      if (error !== undefined) throw error;
      const ref = { place, id: String(++serial) };
      surface.messages.push({ ref, under, views: [view] });
      return ref;
    },
    direct: async (person) => `D-${person}`,
    async edit(ref, view) {
      surface.edits += 1;
      const error = surface.editErrors.shift();
      if (error !== undefined) throw error;
      const message = surface.messages.find((one) => one.ref.id === ref.id);
      if (message === undefined) throw new Kappa4Error("not_found", "The message is gone.");
      message.views.push(view);
    },
    request(content, { user = "UANA", ...rest } = {}) {
      return {
        keys: [`request:${randomUUID()}`],
        person: { id: user, team: "T1" },
        place: "C1",
        content,
        answersAtOnce: content.kind === "text",
        whisper: async (view) => {
          surface.whispers.push({ person: user, view });
        },
        ...rest,
      };
    },
  };
  return surface;
}

/** What a message shows now, as text. */
export function shownText(message: SeenMessage | undefined): string {
  const view = message?.views.at(-1);
  return view === undefined ? "" : viewText(view);
}

/** The buttons of a view. */
export function buttonsOf(view: View | undefined): readonly Action[] {
  return view?.blocks.flatMap((block) => (block.kind === "actions" ? block.actions : [])) ?? [];
}
