/** A person (or bot) of the simulated workspace. */
export interface SlackUser {
  readonly id: string;
  readonly name: string;
  readonly realName?: string | undefined;
  readonly email?: string | undefined;
  /** For example `es-ES`; default `en-US`. */
  readonly locale?: string | undefined;
  readonly tz?: string | undefined;
  /** The home workspace; default the simulated one. */
  readonly teamId?: string | undefined;
  readonly isDeleted?: boolean | undefined;
  readonly isBot?: boolean | undefined;
  readonly isAdmin?: boolean | undefined;
  /** A guest of several channels. */
  readonly isRestricted?: boolean | undefined;
  /** A guest of one channel. */
  readonly isUltraRestricted?: boolean | undefined;
  /** Somebody of another workspace, met through a shared channel. */
  readonly isStranger?: boolean | undefined;
}

/** A channel of the simulated workspace. */
export interface SlackChannel {
  readonly id: string;
  readonly name: string;
  readonly isPrivate?: boolean | undefined;
  readonly isArchived?: boolean | undefined;
  /** Ids of the people in it; default everybody. */
  readonly members?: readonly string[] | undefined;
  /** Whether the app was invited; default true. */
  readonly hasBot?: boolean | undefined;
}

/** The workspace that the app is installed in. */
export interface SlackTeam {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
}

/** The installed app. */
export interface SlackApp {
  readonly id: string;
  readonly botId: string;
  readonly botUserId: string;
  readonly botName: string;
}

/** How {@link startSlack} sets up its workspace. */
export interface SlackOptions {
  /** Port on loopback; default 0, any free one. */
  readonly port?: number | undefined;
  readonly signingSecret?: string | undefined;
  readonly botToken?: string | undefined;
  readonly appToken?: string | undefined;
  /** Granted to the bot token; default the least that a command bot needs. */
  readonly scopes?: readonly string[] | undefined;
  readonly team?: SlackTeam | undefined;
  readonly app?: SlackApp | undefined;
  readonly users?: readonly SlackUser[] | undefined;
  readonly channels?: readonly SlackChannel[] | undefined;
  /** Where commands, clicks and events are posted when they go over HTTP; see also `useCallback`. */
  readonly callbackUrl?: string | undefined;
  /** Milliseconds since the epoch; default the system's clock. */
  readonly now?: (() => number) | undefined;
  /** Makes ids and the spreading over connections repeatable; default 1. */
  readonly seed?: number | undefined;
  /** How long Slack waits for an acknowledgement, in real milliseconds; default 3000. */
  readonly ackTimeoutMs?: number | undefined;
  /** Pauses before an unacknowledged event is sent again; default 0, 60 000 and 300 000. */
  readonly eventRetryDelaysMs?: readonly number[] | undefined;
  /** Whether the documented rate limits are enforced; default false. */
  readonly rateLimits?: boolean | undefined;
  /** How long an uploaded picture cannot be used in blocks yet; default 0. */
  readonly fileProcessingMs?: number | undefined;
}

/** The options with every gap filled. */
export interface SlackSettings {
  readonly port: number;
  readonly signingSecret: string;
  readonly appToken: string;
  readonly botToken: string;
  readonly scopes: readonly string[];
  readonly team: SlackTeam;
  readonly app: SlackApp;
  readonly users: readonly SlackUser[];
  readonly channels: readonly SlackChannel[];
  readonly callbackUrl: string | undefined;
  readonly now: () => number;
  readonly seed: number;
  readonly ackTimeoutMs: number;
  readonly eventRetryDelaysMs: readonly number[];
  readonly rateLimits: boolean;
  readonly fileProcessingMs: number;
}

const leastScopes = [
  "app_mentions:read",
  "chat:write",
  "commands",
  "files:write",
  "im:write",
  "users:read",
];

const defaultUsers: readonly SlackUser[] = [
  { id: "U0ADMIN0001", name: "admin", realName: "Admin", isAdmin: true },
  { id: "U0OPERATOR1", name: "operator", realName: "Operator" },
  { id: "U0VIEWER001", name: "viewer", realName: "Viewer", locale: "es-ES" },
];

const defaultChannels: readonly SlackChannel[] = [
  { id: "C0OPERATION", name: "operations" },
  { id: "C0GENERAL01", name: "general", hasBot: false },
];

/** Fills the gaps of the options. */
export function settle(options: SlackOptions): SlackSettings {
  return {
    port: options.port ?? 0,
    signingSecret: options.signingSecret ?? "simulated-signing-secret",
    appToken: options.appToken ?? "xapp-1-simulated",
    botToken: options.botToken ?? "xoxb-simulated",
    scopes: options.scopes ?? leastScopes,
    team: options.team ?? { id: "T0SIMULATED", name: "Simulated", domain: "simulated" },
    app: options.app ?? {
      id: "A0SIMULATED",
      botId: "B0SIMULATED",
      botUserId: "U0SIMBOT001",
      botName: "kappa4",
    },
    users: options.users ?? defaultUsers,
    channels: options.channels ?? defaultChannels,
    callbackUrl: options.callbackUrl,
    now: options.now ?? Date.now,
    seed: options.seed ?? 1,
    ackTimeoutMs: options.ackTimeoutMs ?? 3_000,
    eventRetryDelaysMs: options.eventRetryDelaysMs ?? [0, 60_000, 300_000],
    rateLimits: options.rateLimits ?? false,
    fileProcessingMs: options.fileProcessingMs ?? 0,
  };
}
