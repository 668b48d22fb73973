import { createInterface } from "node:readline";
import { readFlags } from "../read-flags.ts";
import type { SlackOptions } from "./options.ts";
import { startSlack } from "./start.ts";
import { SlackTerminal } from "./terminal.ts";

/** Text of `--help`. */
export const SLACK_HELP: string = `Usage: kappa4-simulator slack [options]

Stands in for Slack on loopback. Prints one line when it is ready:
  listening http://127.0.0.1:18009/api/

  --listen HOST:PORT        default 127.0.0.1:18009; port 0 takes a free one
  --bot-token TOKEN         default xoxb-simulated
  --app-token TOKEN         default xapp-1-simulated
  --signing-secret SECRET   default simulated-signing-secret
  --callback URL            sends over signed HTTP to that address instead of Socket Mode
  --rate-limits             enforces the documented rate limits
  --help                    shows this text

Point the app's clientOptions.slackApiUrl at the printed address, then type:
  /COMMAND TEXT             a slash command
  click TEXT                a click on the newest button with that text
  answer TEXT               fills in the question that a click opened, and submits it
  cancel                    closes it
  mention TEXT              a message that mentions the app
  home                      opens the Home tab
  as NAME                   goes on as somebody else: admin (U0ADMIN0001), operator (U0OPERATOR1), viewer
`;

/** Where a running command reads and writes; the process itself outside of tests. */
export interface SlackCommandIo {
  readonly input: NodeJS.ReadableStream;
  readonly print: (line: string) => void;
  readonly complain: (line: string) => void;
  /** Resolves when the command is to end. */
  readonly stopped: Promise<void>;
}

/** Reads the flags after `slack`; undefined when help was asked for. Throws Error with one clear message. */
export function readSlackFlags(args: readonly string[]): SlackOptions | undefined {
  const values = readFlags(args, {
    listen: { type: "string" },
    "bot-token": { type: "string" },
    "app-token": { type: "string" },
    "signing-secret": { type: "string" },
    callback: { type: "string" },
    "rate-limits": { type: "boolean" },
    help: { type: "boolean", short: "h" },
  });
  if (values.help === true) return undefined;
  const { callback } = values;
  if (callback !== undefined && !/^https?:\/\//.test(callback)) {
    throw new RangeError(`--callback takes an http address, not "${callback}".`);
  }
  return {
    port: portOf(values.listen ?? "127.0.0.1:18009"),
    botToken: values["bot-token"],
    appToken: values["app-token"],
    signingSecret: values["signing-secret"],
    callbackUrl: callback,
    rateLimits: values["rate-limits"],
  };
}

/** Runs the stand-in until it is stopped, with a person at the input. */
export async function runSlack(options: SlackOptions, io: SlackCommandIo): Promise<void> {
  const slack = await startSlack(options);
  const terminal = new SlackTerminal(slack);
  io.print(`listening ${slack.apiUrl}`);
  const stopWatching = slack.watchMessages(() => {
    for (const line of terminal.news()) io.print(line);
  });
  const stopAsking = slack.watchViews((view) => {
    for (const line of terminal.question(view)) io.print(line);
  });
  const lines = createInterface({ input: io.input });
  lines.on("line", (line) => {
    terminal
      .obey(line)
      .then((answers) => answers.forEach(io.print))
      .catch((error: unknown) =>
        io.complain(error instanceof Error ? error.message : String(error)),
      );
  });
  await io.stopped;
  lines.close();
  stopWatching();
  stopAsking();
  await slack.close();
}

function portOf(text: string): number {
  const match = /^(?:127\.0\.0\.1|localhost):(\d{1,5})$/.exec(text);
  const port = Number(match?.[1]);
  if (match === null || port > 65_535) {
    throw new RangeError(
      `--listen takes an address on this machine, for example 127.0.0.1:18009, not "${text}".`,
    );
  }
  return port;
}
