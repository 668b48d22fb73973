import { z } from "zod";

interface CommonOptions {
  /** Bot token of the app; starts with `xoxb-`. */
  readonly botToken: string;
  /** Member ids of people with the role operator: a short way to write them into `people`. */
  readonly operators: readonly string[];
  /** Base of Slack's Web API; only for tests against a stand-in. */
  readonly apiUrl?: string | undefined;
}

/** Slack is called from here: nothing has to be reachable from outside. */
export interface SlackSocketOptions extends CommonOptions {
  readonly mode: "socket";
  /** App-level token with the scope `connections:write`; starts with `xapp-`. */
  readonly appToken: string;
}

/** Slack calls here: an address with a certificate has to stand in front. */
export interface SlackHttpOptions extends CommonOptions {
  readonly mode: "http";
  readonly signingSecret: string;
  /** Address to listen on. Default `127.0.0.1`. */
  readonly host: string;
  /** Port to listen on. Default 3000. */
  readonly port: number;
}

/** The `slack` section of a configuration. */
export type SlackOptions = SlackSocketOptions | SlackHttpOptions;

/** The `slack` section as it is written: what has a default may be left out. */
export type SlackOptionsInput =
  | Optional<SlackSocketOptions, "operators">
  | Optional<SlackHttpOptions, "operators" | "host" | "port">;

type Optional<Options, Keys extends keyof Options> = Omit<Options, Keys> & {
  readonly [Key in Keys]?: Options[Key] | undefined;
};

const common = {
  botToken: z
    .string()
    .startsWith("xoxb-", "must be the bot token of the app, which starts with xoxb-")
    .describe("Bot token of the app; starts with xoxb-"),
  operators: z
    .array(z.string().regex(/^[UW][A-Z0-9]+$/, "must be a Slack user id such as U012ABCDEF"))
    .default([])
    .describe("Member ids of people with the role operator; `people` names others"),
  apiUrl: z
    .url("must be an address such as https://slack.com/api/")
    .optional()
    .describe("Base of Slack's Web API; only for tests against a stand-in"),
} as const;

/** Checks the `slack` section: over Socket Mode or over signed HTTP. */
export const slackOptions: z.ZodType<SlackOptions, SlackOptionsInput> = z.discriminatedUnion(
  "mode",
  [
    z.strictObject({
      mode: z.literal("socket").describe("Slack is called from here"),
      ...common,
      appToken: z
        .string()
        .startsWith("xapp-", "must be an app-level token, which starts with xapp-")
        .describe("App-level token with the scope connections:write; starts with xapp-"),
    }),
    z.strictObject({
      mode: z.literal("http").describe("Slack calls here"),
      ...common,
      signingSecret: z
        .string()
        .min(1, "must be the signing secret of the app")
        .describe("Signing secret of the app"),
      host: z.string().default("127.0.0.1").describe("Address to listen on"),
      port: z.number().int().min(0).max(65_535).default(3000).describe("Port to listen on"),
    }),
  ],
);
