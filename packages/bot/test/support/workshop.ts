import { type Clock, createKappa4, type Kappa4, type Logger } from "@kappa4/sdk";
import {
  type ProxmoxSimulator,
  type SlackDelivery,
  type SlackMessage,
  type SlackSimulator,
  startProxmox,
  startSlack,
} from "@kappa4/simulator";
import { type Bot, startBot } from "../../src/index.ts";

/** A workspace, a cluster, and a bot between them: all real but for the two stand-ins. */
export interface Workshop {
  readonly slack: SlackSimulator;
  readonly cluster: ProxmoxSimulator;
  readonly kappa4: Kappa4;
  readonly bot: Bot;
  readonly clock: HurriedClock;
  readonly logged: readonly {
    readonly level: string;
    readonly fields: object;
    readonly message: string;
  }[];
  /** Types a dry run and waits for its plan. */
  plan(): Promise<SlackMessage>;
  /** Presses Apply and waits for the result below the progress message. */
  apply(): Promise<{
    readonly click: SlackDelivery;
    readonly progress: SlackMessage;
    readonly result: SlackMessage;
  }>;
  /** Waits for a private answer that holds the text. */
  whispered(user: string, text: string): Promise<SlackMessage>;
  close(): Promise<void>;
}

/** Options of {@link openWorkshop}. */
export interface WorkshopOptions {
  readonly mode: "socket" | "http";
  /** Simulated seconds of the cluster per real second. Default 200. */
  readonly timeScale?: number | undefined;
  readonly drainMs?: number | undefined;
}

/** Time of day is real, waiting is thirty times as fast; `shift` sets the clock forward. */
export interface HurriedClock extends Clock {
  shift(ms: number): void;
}

/** The person who may apply plans. */
export const OPERATOR = "U0OPERATOR1";
/** Somebody who may look. */
export const VIEWER = "U0VIEWER001";
const TOKEN = { id: "automation@pve!kappa4", secret: "0c1d2e3f-1111-4222-8333-444455556666" };

/** Starts everything; a skewed cluster is connected as `gold`. */
export async function openWorkshop(options: WorkshopOptions): Promise<Workshop> {
  const slack = await startSlack({
    users: [
      { id: OPERATOR, name: "operator" },
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
  const kappa4 = await createKappa4(
    {
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
  const common = { botToken: slack.botToken, operators: [OPERATOR], apiUrl: slack.apiUrl };
  const bot = await startBot({
    kappa4,
    slack:
      options.mode === "socket"
        ? { mode: "socket", appToken: slack.appToken, ...common }
        : { mode: "http", signingSecret: slack.signingSecret, port: 0, ...common },
    clock,
    logger,
    drainMs: options.drainMs,
  });
  if (bot.url !== undefined) slack.useCallback(bot.url);
  return {
    slack,
    cluster,
    kappa4,
    bot,
    clock,
    logged,
    async plan() {
      const known = new Set(slack.messages().map(({ ts }) => ts));
      await slack.slash("/rebalance", "dry-run", { user: OPERATOR });
      return slack.waitForMessage(({ ts, text }) => !known.has(ts) && hasButton(text));
    },
    async apply() {
      const click = await slack.click({ text: "Apply", user: OPERATOR });
      const result = await slack.waitForMessage(isResult, { timeoutMs: 20_000 });
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
    async close() {
      await bot.close();
      await kappa4.close();
      await cluster.close();
      await slack.close();
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

function hurriedClock(): HurriedClock {
  let shifted = 0;
  return {
    now: () => Date.now() + shifted,
    shift(ms) {
      shifted += ms;
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const timer = setTimeout(resolve, ms / 30);
        signal?.addEventListener("abort", () => {
          clearTimeout(timer);
          reject(signal.reason);
        });
      }),
  };
}
