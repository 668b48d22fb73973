import { createKappa4, type Kappa4, type Logger } from "@kappa4/sdk";
import { type ProxmoxSimulator, startProxmox } from "@kappa4/simulator";
import { expect } from "vitest";
import { closedStore } from "../../../sdk/test/store/support/fresh-store.ts";
import { commands } from "../../src/commands/index.ts";
import { type Core, createCore } from "../../src/core/core.ts";
import type { BotRequest, RequestContent } from "../../src/core/request.ts";
import { viewText } from "../../src/view/text.ts";
import { buttonsOf, type FakeSurface, fakeSurface, shownText } from "./fake-surface.ts";
import { type HurriedClock, hurriedClock } from "./hurried-clock.ts";

/** Kappa4 over two simulated clusters, gold and silver; each test opens a room over it. */
export interface House {
  readonly kappa4: Kappa4;
  readonly gold: ProxmoxSimulator;
  readonly clock: HurriedClock;
  /** Opens a room with a surface of its own, or goes into one that was open before. */
  open(surface?: FakeSurface): Room;
  close(): Promise<void>;
}

/** A core, what people see, and what they do there. */
export interface Room {
  readonly surface: FakeSurface;
  readonly core: Core;
  readonly logged: { readonly level: string; readonly message: string }[];
  /** Hands a request in, and waits for its work. */
  send(request: BotRequest): Promise<string>;
  type(text: string, user?: string): Promise<string>;
  /** Presses the newest button with this label. */
  press(label: string, user?: string): Promise<void>;
  whispered(user?: string): string;
  /** Waits until the newest message that begins so says this. */
  shows(beginning: string, text: string | RegExp): Promise<string>;
}

const TOKEN = { id: "automation@pve!kappa4", secret: "0c1d2e3f-1111-4222-8333-444455556666" };

/** Builds a house; UANA and UEVA are operators, people whose id begins with G are guests of the workspace. */
export async function buildHouse(): Promise<House> {
  const { options: store, remove } = await closedStore();
  const clock = hurriedClock();
  const [gold, silver] = await Promise.all(
    // In gold there is time to stop a run.
    [10, 200].map((timeScale) => startProxmox({ seed: 4, timeScale, tokens: [TOKEN] })),
  );
  if (gold === undefined || silver === undefined) throw new Error("two clusters were started");
  const connection = ({ url, fingerprint: sha256 }: ProxmoxSimulator) => ({
    kind: "proxmox",
    endpoints: [url],
    auth: { type: "token", token: `${TOKEN.id}=${TOKEN.secret}` },
    tls: { verify: "pin", sha256 },
    pollIntervalMs: 600,
  });
  const quorum = { 2: { approvals: 0, admins: 0, superAdmins: 0 } };
  const connections = { gold: connection(gold), silver: connection(silver) };
  const approvals = { undoMs: 0, quorum };
  const kappa4 = await createKappa4({ store, approvals, connections }, { clock });
  const people = ["UANA", "UEVA"].map((account) => ({
    name: account,
    role: "operator",
    account: { platform: "slack", workspace: "T1", account },
  }));
  await kappa4.as({ actor: { kind: "system" }, via: "slack" }).users.bring({ people });
  await kappa4.start();
  return {
    kappa4,
    gold,
    clock,
    open: (surface = fakeSurface()) => openRoom({ kappa4, clock, surface }),
    async close() {
      await kappa4.close();
      await Promise.all([gold.close(), silver.close()]);
      await remove();
    },
  };
}

function openRoom({
  kappa4,
  clock,
  surface,
}: Pick<House, "kappa4" | "clock"> & Pick<Room, "surface">): Room {
  const logged: { level: string; message: string }[] = [];
  const log = (level: string) => (_fields: object, message: string) =>
    void logged.push({ level, message });
  const logger: Logger = {
    debug: log("debug"),
    info: log("info"),
    warn: log("warn"),
    error: log("error"),
  };
  const core = createCore({
    kappa4,
    commands,
    platform: "slack",
    workspace: "T1",
    port: surface,
    people: {
      check: async ({ id }) =>
        id.startsWith("G") ? { ok: false, reason: "You are a guest." } : { ok: true, name: id },
    },
    clock,
    logger,
  });
  const send = async (request: BotRequest): Promise<string> => {
    const { acknowledgement, work } = core.accept(request);
    await work();
    return acknowledgement === undefined ? "" : viewText(acknowledgement);
  };
  const content = (text: string): RequestContent => ({ kind: "text", command: "rebalance", text });
  return {
    surface,
    core,
    logged,
    send,
    type: (text, user = "UANA") => send(surface.request(content(text), { user })),
    async press(label, user = "UANA") {
      const value = buttonNamed(surface, label);
      await send(surface.request({ kind: "button", value }, { user }));
    },
    whispered: (user = "UANA") => {
      const last = surface.whispers.findLast(({ person }) => person === user);
      return last === undefined ? "" : viewText(last.view);
    },
    async shows(beginning, text) {
      const newest = (): string =>
        shownText(surface.messages.findLast((one) => shownText(one).startsWith(beginning)));
      await expect.poll(newest).toMatch(text);
      return newest();
    },
  };
}

/** Returns the value of the newest button with this label. */
export function buttonNamed(surface: FakeSurface, label: string): string {
  for (const message of surface.messages.toReversed()) {
    for (const view of message.views.toReversed()) {
      const found = buttonsOf(view).find((action) => action.label === label);
      if (found?.value !== undefined) return found.value;
    }
  }
  throw new Error(`Nobody has seen a button ${label}.`);
}

/** Returns the id of the newest plan that the surface shows. */
export function planId(surface: FakeSurface): string {
  const titles = surface.messages.map((message) => /^Plan (P-\w+)/.exec(shownText(message))?.[1]);
  const id = titles.findLast((title) => title !== undefined);
  if (id === undefined) throw new Error("There is no plan.");
  return id;
}
