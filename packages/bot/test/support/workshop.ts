import { createKappa4, type Kappa4, type Kappa4ConfigInput, type Logger } from "@kappa4/sdk";
import {
  type ProxmoxSimulator,
  type SlackDelivery,
  type SlackMessage,
  type SlackSimulator,
  startProxmox,
  startSlack,
} from "@kappa4/simulator";
import { closedStore } from "../../../sdk/test/store/support/fresh-store.ts";
import { type Bot, startBot } from "../../src/index.ts";
import { type HurriedClock, hurriedClock } from "./hurried-clock.ts";

/** A workspace, a cluster, and a bot between them: all real but for the two stand-ins. */
export interface Workshop {
  readonly slack: SlackSimulator;
  readonly cluster: ProxmoxSimulator;
  readonly kappa4: Kappa4;
  /** The bot that serves now. */
  readonly bot: Bot;
  readonly clock: HurriedClock;
  readonly logged: readonly {
    readonly level: string;
    readonly fields: object;
    readonly message: string;
  }[];
  /** Types a dry run and waits for its plan. */
  plan(options?: string): Promise<SlackMessage>;
  /** Presses Apply and waits for the result below the progress message. */
  apply(): Promise<{
    readonly click: SlackDelivery;
    readonly progress: SlackMessage;
    readonly result: SlackMessage;
  }>;
  /** Waits for a private answer that holds the text. */
  whispered(user: string, text: string): Promise<SlackMessage>;
  /** Ends the bot and Kappa4, and starts both again over the same store: the next process. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Options of {@link openWorkshop}. */
export interface WorkshopOptions {
  readonly mode: "socket" | "http";
  /** Simulated seconds of the cluster per real second. Default 200. */
  readonly timeScale?: number | undefined;
  readonly drainMs?: number | undefined;
  /** Default: Operators need nobody for up to ten moves, and there is no time to undo. */
  readonly approvals?: Kappa4ConfigInput["approvals"];
}

/** The person who may apply plans. */
export const OPERATOR = "U0OPERATOR1";
/** Another one. */
export const OTHER = "U0OPERATOR2";
/** An Admin. */
export const ADMIN = "U0ADMIN0001";
/** Somebody who may look. */
export const VIEWER = "U0VIEWER001";
const TOKEN = { id: "automation@pve!kappa4", secret: "0c1d2e3f-1111-4222-8333-444455556666" };

/** Starts everything; a skewed cluster is connected as `gold`. */
export async function openWorkshop(options: WorkshopOptions): Promise<Workshop> {
  const slack = await startSlack({
    // Slack itself waits three seconds; a busy machine must not fail a test.
    ackTimeoutMs: 20_000,
    users: [
      { id: OPERATOR, name: "operator" },
      { id: OTHER, name: "other" },
      { id: ADMIN, name: "admin" },
      { id: VIEWER, name: "viewer" },
      { id: "U0GUEST0001", name: "guest", isRestricted: true },
      { id: "U0STRANGER1", name: "stranger", teamId: "T0ELSEWHERE", isStranger: true },
      { id: "U0GONE00001", name: "gone", isDeleted: true },
    ],
  });
  const cluster = await startProxmox({
    seed: 4,
    timeScale: options.timeScale ?? 200,
    tokens: [TOKEN],
  });
  const clock = hurriedClock();
  const { options: store, remove } = await closedStore();
  const { approvals = { undoMs: 0, quorum: { 2: { approvals: 0, admins: 0, superAdmins: 0 } } } } =
    options;
  const people = [{ name: "Leo", role: "admin", slack: ADMIN }] as const;
  const openKappa4 = (): Promise<Kappa4> =>
    createKappa4(
      {
        store,
        approvals,
        people,
        connections: {
          gold: {
            kind: "proxmox",
            endpoints: [cluster.url],
            auth: { type: "token", token: `${TOKEN.id}=${TOKEN.secret}` },
            tls: { verify: "pin", sha256: cluster.fingerprint },
            pollIntervalMs: 600,
          },
        },
      },
      { clock },
    );
  const logged: { level: string; fields: object; message: string }[] = [];
  const log =
    (level: string) =>
    (fields: object, message: string): void =>
      void logged.push({ level, fields, message });
  const logger: Logger = {
    debug: log("debug"),
    info: log("info"),
    warn: log("warn"),
    error: log("error"),
  };
  const common = {
    botToken: slack.botToken,
    operators: [OPERATOR, OTHER],
    apiUrl: slack.apiUrl,
  };
  const serve = (served: Kappa4): Promise<Bot> =>
    startBot({
      kappa4: served,
      people,
      slack:
        options.mode === "socket"
          ? { mode: "socket", appToken: slack.appToken, ...common }
          : { mode: "http", signingSecret: slack.signingSecret, port: 0, ...common },
      clock,
      logger,
      drainMs: options.drainMs,
    });
  let kappa4 = await openKappa4();
  let bot = await serve(kappa4);
  if (bot.url !== undefined) slack.useCallback(bot.url);
  return {
    slack,
    cluster,
    get kappa4() {
      return kappa4;
    },
    get bot() {
      return bot;
    },
    clock,
    logged,
    async plan(words = "--max-moves 5") {
      const known = new Set(slack.messages().map(({ ts }) => ts));
      await slack.slash("/rebalance", `dry-run ${words}`, { user: OPERATOR });
      return slack.waitForMessage(({ ts, text }) => !known.has(ts) && hasButton(text));
    },
    async apply() {
      const click = await slack.click({ text: "Apply", user: OPERATOR });
      const result = await slack.waitForMessage(isResult);
      const isProgress = ({ ts }: SlackMessage): boolean => ts === result.threadTs;
      const progress = await slack.waitForMessage(
        (message) => isProgress(message) && message.text.includes("0 running"),
      );
      return { click, progress, result };
    },
    whispered: (user, text) =>
      slack.waitForMessage(
        (message) => message.ephemeralFor === user && message.text.includes(text),
      ),
    async restart() {
      await bot.close();
      await kappa4.close();
      kappa4 = await openKappa4();
      bot = await serve(kappa4);
      if (bot.url !== undefined) slack.useCallback(bot.url);
    },
    async close() {
      await bot.close();
      await kappa4.close();
      await cluster.close();
      await slack.close();
      await remove();
    },
  };
}

/** The result is the one message below another that is no file. */
export function isResult({ threadTs, text }: SlackMessage): boolean {
  return threadTs !== undefined && /^Run R-/.test(text);
}

function hasButton(text: string): boolean {
  return text.includes("Apply: /rebalance apply");
}
