import { slackOptions, startBot } from "@kappa4/bot";
import { createKappa4, type Kappa4Config, type Logger, readConfig } from "@kappa4/sdk";
import type { CommandInput } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import type { CommandIo } from "../io.ts";
import { placesOf } from "./places.ts";
import { jsonText } from "./print.ts";

/** Runs the bot until Ctrl-C, or until it has no store any more. Prints one JSON object per line; the second Ctrl-C does not wait for runs under way. */
export async function runStart({ flags, io }: CommandInput): Promise<number> {
  const readAgain = (): Promise<Kappa4Config> =>
    readConfig(flags.text("config"), { ...placesOf(io), slack: slackOptions });
  const config = await readAgain();
  const logger = jsonLogger(io);
  const lost = Promise.withResolvers<never>();
  // Also when nobody waits for it yet.
  lost.promise.catch(() => {});
  const onStoreLost = (error: Error): void => {
    logger.error({ error }, "The store has ended, and so does this program.");
    lost.reject(error);
  };
  const options = { clock: io.clock, logger, readAgain, onStoreLost };
  const kappa4 = await createKappa4(config, options);
  try {
    const slack = slackOptions.parse(config.slack);
    const bot = await startBot({ kappa4, slack, people: config.people, clock: io.clock, logger });
    logger.info({ connections: kappa4.connections, url: bot.url }, "The bot serves Slack.");
    try {
      const interrupted = untilInterrupt(io, () => bot.close());
      const isPatient = await Promise.race([interrupted, lost.promise]);
      return isPatient ? EXIT.ok : EXIT.cancelled;
    } catch (error) {
      await bot.close();
      throw error;
    }
  } finally {
    await kappa4.close();
  }
}

/** Resolves to false when the second Ctrl-C came before closing was done. */
async function untilInterrupt(io: CommandIo, close: () => Promise<void>): Promise<boolean> {
  let interrupts = 0;
  return new Promise((resolve, reject) => {
    const ignore = io.onInterrupt(() => {
      interrupts += 1;
      if (interrupts > 1) return done(false);
      close().then(() => done(true), reject);
    });
    function done(isPatient: boolean): void {
      ignore();
      resolve(isPatient);
    }
  });
}

/** An error has no JSON of its own. */
function told(fields: object): object {
  const entries = Object.entries(fields).map(([name, value]) => {
    if (!(value instanceof Error)) return [name, value];
    const code = "code" in value ? value.code : undefined;
    return [name, { message: value.message, code }];
  });
  return Object.fromEntries(entries);
}

function jsonLogger(io: CommandIo): Logger {
  const level =
    (name: string) =>
    (fields: object, message: string): void => {
      const time = new Date(io.clock.now()).toISOString();
      io.stdout.write(`${jsonText({ level: name, time, message, ...told(fields) })}\n`);
    };
  const isDebugging = (io.env.KAPPA4_DEBUG ?? "") !== "";
  return {
    debug: isDebugging ? level("debug") : () => {},
    info: level("info"),
    warn: level("warn"),
    error: level("error"),
  };
}
