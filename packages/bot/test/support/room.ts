import type { Logger } from "@kappa4/sdk";
import { commands } from "../../src/commands/index.ts";
import { type Core, createCore } from "../../src/core/core.ts";
import type { BotRequest, RequestContent } from "../../src/core/request.ts";
import { viewText } from "../../src/view/text.ts";
import { type FakeKappa4, fakeKappa4 } from "./fake-kappa4.ts";
import { buttonsOf, type FakeSurface, fakeSurface, shownText } from "./fake-surface.ts";
import { type ManualClock, manualClock, settle } from "./manual-clock.ts";

/** A core with a fake Kappa4 and a fake surface, and what people do there. */
export interface Room {
  readonly kappa4: FakeKappa4;
  readonly surface: FakeSurface;
  readonly clock: ManualClock;
  readonly core: Core;
  readonly logged: { readonly level: string; readonly message: string }[];
  /** Hands a request in and waits for its work, unless it goes on. */
  send(request: BotRequest): Promise<string>;
  type(text: string, user?: string): Promise<string>;
  /** Presses the newest button with this label. */
  press(label: string, user?: string): Promise<void>;
  whispered(user?: string): string;
}

/** Opens a room; UANA and UEVA are operators, people whose id begins with G are guests of the workspace. */
export function openRoom(connections?: readonly string[]): Room {
  const kappa4 = fakeKappa4(connections);
  const surface = fakeSurface();
  const clock = manualClock();
  const logged: { level: string; message: string }[] = [];
  const log = (level: string) => (_fields: object, message: string) =>
    void logged.push({ level, message });
  const logger: Logger = {
    debug: log("debug"),
    info: log("info"),
    warn: log("warn"),
    error: log("error"),
  };
  let serial = 0;
  const core = createCore({
    kappa4,
    commands,
    port: surface,
    people: {
      check: async ({ id }) =>
        id.startsWith("G") ? { ok: false, reason: "You are a guest." } : { ok: true },
    },
    operators: ["UANA", "UEVA"],
    clock,
    createId: () => `id-${++serial}`,
    logger,
  });
  const send = async (request: BotRequest): Promise<string> => {
    const { acknowledgement, work } = core.accept(request);
    void work();
    await settle();
    return acknowledgement === undefined ? "" : viewText(acknowledgement);
  };
  const content = (text: string): RequestContent => ({ kind: "text", command: "rebalance", text });
  return {
    kappa4,
    surface,
    clock,
    core,
    logged,
    send,
    type: (text, user = "UANA") => send(surface.request(content(text), { user })),
    async press(label, user = "UANA") {
      const token = tokenOf(surface, label);
      await send(surface.request({ kind: "button", token }, { user }));
    },
    whispered: (user = "UANA") => {
      const last = surface.whispers.findLast(({ person }) => person === user);
      return last === undefined ? "" : viewText(last.view);
    },
  };
}

/** Returns the token of the newest button with this label. */
export function tokenOf(surface: FakeSurface, label: string): string {
  for (const message of surface.messages.toReversed()) {
    for (const view of message.views.toReversed()) {
      const found = buttonsOf(view).find((action) => action.label === label);
      if (found?.token !== undefined) return found.token;
    }
  }
  throw new Error(`Nobody has seen a button ${label}.`);
}

/** Returns the id of the newest plan that the surface shows. */
export function planId(room: Room): string {
  const titles = room.surface.messages.map(
    (message) => /Plan (P-\w+)/.exec(shownText(message))?.[1],
  );
  const id = titles.findLast((title) => title !== undefined);
  if (id === undefined) throw new Error("There is no plan.");
  return id;
}
