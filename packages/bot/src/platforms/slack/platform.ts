import type { Clock, Logger } from "@kappa4/sdk";
import { App } from "@slack/bolt";
import { errorView } from "../../commands/error-view.ts";
import type { Core } from "../../core/core.ts";
import type { People } from "../../core/people.ts";
import type { MessagePort } from "../../core/port.ts";
import type { Form } from "../../core/request.ts";
import type { SlackOptions } from "../../options.ts";
import type { View } from "../../view/model.ts";
import type { SlackBlock } from "./block.ts";
import { clientOptions, createClients } from "./clients.ts";
import { slackError } from "./errors.ts";
import { createFitter, NEW_BLOCKS } from "./fitted.ts";
import { openForm } from "./form.ts";
import { createHttpIntake } from "./http-intake.ts";
import type { Intake } from "./intake.ts";
import { slackLogger } from "./logger.ts";
import { createMessages } from "./messages.ts";
import {
  behindForm,
  readMention,
  readPress,
  readSlash,
  readSubmission,
  type SlackRequest,
} from "./payloads.ts";
import { createSlackPeople } from "./people.ts";
import { renderSlack } from "./render.ts";
import { createSocketIntake } from "./socket-intake.ts";
import { type Respond, type WhisperTarget, whisper } from "./whisper.ts";

/** What the Slack platform needs besides its own options. */
export interface SlackPlatformContext {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Makes those known whom the configuration names, once the workspace is. */
  readonly bringPeople: (workspace: string) => Promise<void>;
  /** Makes the core over this platform's people and messages, for one workspace. */
  readonly createCore: (workspace: string, people: People, port: MessagePort) => Core;
}

/** A Slack workspace that is being served. */
export interface SlackPlatform {
  /** Where Slack is to send its requests; undefined in Socket Mode. */
  readonly url: string | undefined;
  /** Whether requests can come in right now. */
  isOpen(): boolean;
  /** Takes nothing more in, and waits until what is under way has been told. */
  close(): Promise<void>;
}

/**
 * Connects to a Slack workspace through Bolt and serves it. Throws `auth` when Slack refuses a token, `network` when
 * it cannot be reached, and `failed_precondition` when the port is taken.
 */
export async function startSlackPlatform(
  options: SlackOptions,
  context: SlackPlatformContext,
): Promise<SlackPlatform> {
  const { clock, logger } = context;
  const settings = {
    botToken: options.botToken,
    apiUrl: options.apiUrl,
    logger: slackLogger(logger),
  };
  const clients = createClients(settings);
  const fitter = createFitter();
  const intake = createIntake(options, context);
  const app = new App({
    token: options.botToken,
    receiver: intake,
    deferInitialization: true,
    convoStore: false,
    logger: settings.logger,
    clientOptions: clientOptions(settings),
  });
  const team = await teamOf(app, options.apiUrl);
  await context.bringPeople(team);
  const people = createSlackPeople({ client: clients.answers, team, clock, logger });
  const core = context.createCore(team, people, createMessages({ clients, fitter, logger }));

  /** Acknowledges first and works then; an acknowledgement that did not get through stops nothing. */
  async function serve(
    request: SlackRequest,
    { ack, respond, answersAtOnce }: Channel,
  ): Promise<void> {
    const { place, thread, person } = request;
    const target = { client: clients.answers, fitter, place, person: person.id, thread, respond };
    const accepted = core.accept({
      ...request,
      answersAtOnce,
      whisper: (view) => whisper(target, view),
    });
    try {
      await ack(accepted.acknowledgement);
    } catch (error) {
      logger.warn({ error }, "acknowledgement did not get through");
    }
    if (accepted.form !== undefined) await ask(request, accepted.form, target);
    await accepted.work();
  }

  async function ask(request: SlackRequest, form: Form, target: WhisperTarget): Promise<void> {
    const { trigger = "" } = request;
    try {
      await openForm({ client: clients.answers, trigger, behind: behindForm(request) }, form);
    } catch (error) {
      logger.warn({ error }, "form could not be opened");
      await whisper(target, errorView(error));
    }
  }

  app.command(/.*/, async ({ body, ack, respond, context: { requestKey } }) => {
    const request = readSlash(body, String(requestKey));
    if (request === undefined) return ack();
    await serve(request, {
      ack: (view) => (view === undefined ? ack() : ack(privateAnswer(view))),
      respond,
      answersAtOnce: true,
    });
  });
  app.action(/.*/, async ({ body, ack, respond, context: { requestKey } }) => {
    const request = readPress(body, String(requestKey));
    if (request === undefined) return ack();
    await serve(request, { ack: () => ack(), respond, answersAtOnce: false });
  });
  app.view(/.*/, async ({ body, ack, context: { requestKey } }) => {
    const request = readSubmission(body, String(requestKey));
    if (request === undefined) return ack();
    await serve(request, { ack: () => ack(), respond: undefined, answersAtOnce: false });
  });
  app.event("app_mention", async ({ body, context: { requestKey } }) => {
    const request = readMention(body, String(requestKey));
    if (request === undefined) return;
    await serve(request, { ack: async () => undefined, respond: undefined, answersAtOnce: false });
  });
  app.error(async (error) => logger.error({ error }, "listener failed"));

  const { url } = await started(intake, options.apiUrl);
  await core.resume();
  logger.info({ team, mode: options.mode }, "Slack is served");
  return {
    url,
    isOpen: () => intake.isOpen(),
    async close() {
      const closed = core.close();
      await intake.stop();
      await closed;
    },
  };
}

/** How one request is acknowledged and answered. */
interface Channel {
  readonly ack: (view: View | undefined) => Promise<unknown>;
  readonly respond: Respond | undefined;
  readonly answersAtOnce: boolean;
}

/** Draws what goes out with an acknowledgement: nobody could say that a block was refused, so only old ones are used. */
function privateAnswer(view: View): PrivateAnswer {
  const { text, blocks } = renderSlack(view, new Set(NEW_BLOCKS));
  return { response_type: "ephemeral", text, blocks: [...blocks] };
}

interface PrivateAnswer {
  readonly response_type: "ephemeral";
  readonly text: string;
  blocks: SlackBlock[];
}

function createIntake(options: SlackOptions, { clock, logger }: SlackPlatformContext): Intake {
  if (options.mode === "http") return createHttpIntake({ ...options, clock, logger });
  const { appToken, apiUrl } = options;
  return createSocketIntake({ appToken, apiUrl, clock, logger, slackLogger: slackLogger(logger) });
}

/** Asks Slack who we are; a token that is refused ends the start here, and not later in the background. */
async function teamOf(app: App, apiUrl: string | undefined): Promise<string> {
  try {
    await app.init();
    const { team_id } = await app.client.auth.test();
    return team_id ?? "";
  } catch (error) {
    throw slackError(error, "auth.test", apiUrl);
  }
}

async function started(
  intake: Intake,
  apiUrl: string | undefined,
): Promise<{ readonly url: string | undefined }> {
  try {
    return await intake.start();
  } catch (error) {
    throw slackError(error, "apps.connections.open", apiUrl);
  }
}
