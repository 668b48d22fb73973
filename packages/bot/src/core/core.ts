import type { Clock, Kappa4, Logger } from "@kappa4/sdk";
import type { CommandContext, Reply } from "../commands/context.ts";
import type { Command, PreparedCall } from "../commands/define.ts";
import { errorView } from "../commands/error-view.ts";
import type { View } from "../view/model.ts";
import { goingDown, interrupted, operatorsOnly, refusal } from "./answers.ts";
import { createButtonBook } from "./button-book.ts";
import { expiringPlans } from "./expiring-plans.ts";
import { createMemoryInbox, type Inbox } from "./inbox.ts";
import { createOutbox } from "./outbox.ts";
import type { People } from "./people.ts";
import { createPlanBook } from "./plan-book.ts";
import type { MessagePort } from "./port.ts";
import { type Read, readRequest } from "./read-request.ts";
import type { BotRequest } from "./request.ts";
import { createRunBook } from "./run-book.ts";
import { within } from "./within.ts";

/** A request that was read. */
interface Accepted {
  /** What to say at once. */
  readonly acknowledgement: View | undefined;
  /** Does the work; to be called once, after the acknowledgement is out. Never rejects. */
  work(): Promise<void>;
}

/** What every surface shares: who may do what, the commands, and the messages that follow. */
export interface Core {
  /** Reads a request without waiting for anything, so that it can be acknowledged at once. */
  accept(request: BotRequest): Accepted;
  /** Takes nothing more in, starts nothing more, and waits until what is under way has been told. */
  close(): Promise<void>;
}

/** Options of {@link createCore}. */
export interface CoreOptions {
  readonly kappa4: Kappa4;
  readonly commands: Readonly<Record<string, Command>>;
  readonly people: People;
  readonly port: MessagePort;
  /** Ids of the people who may change things. */
  readonly operators: readonly string[];
  readonly clock: Clock;
  /** Returns at least 128 random bits as text. */
  readonly createId: () => string;
  readonly logger: Logger;
  readonly inbox?: Inbox | undefined;
  /** How long a stop waits for runs under way. Default 10 seconds. */
  readonly drainMs?: number | undefined;
}

/** Makes the core over a surface. Plans, runs, buttons and the inbox are kept in memory. */
export function createCore(options: CoreOptions): Core {
  const { clock, createId, logger, port, operators } = options;
  const inbox = options.inbox ?? createMemoryInbox(clock);
  const buttons = createButtonBook(clock, createId);
  const runs = createRunBook({ clock, createId, logger });
  const outbox = createOutbox({ port, clock, logger });
  const closing = new AbortController();
  const { signal } = closing;
  const ownPlans = createPlanBook({ clock, createId });
  const plans = expiringPlans(ownPlans, { clock, buttons, outbox, logger, signal });
  const atWork = new Set<Promise<void>>();

  function contextFor(request: BotRequest): CommandContext {
    return {
      kappa4: options.kappa4,
      clock,
      person: request.person.id,
      isOperator: operators.includes(request.person.id),
      place: request.place,
      plans,
      runs,
      issue: (call) => buttons.issue(call),
    };
  }

  async function handle(request: BotRequest, read: Read, isAnswered: boolean): Promise<void> {
    if (!(await inbox.claim(request.keys))) {
      logger.info({ person: request.person.id }, "request came again and is ignored");
      return;
    }
    if (read.kind === "answer") {
      if (!isAnswered) await request.whisper(read.view);
      return;
    }
    const fields = { person: request.person.id, place: request.place, verb: read.verb };
    const denied = await deny(request, read.call);
    if (denied !== undefined) {
      logger.info(fields, "request was refused");
      await request.whisper(denied);
      return;
    }
    logger.info(fields, "request is carried out");
    await tell(request, read.call.run(contextFor(request)));
  }

  async function deny(request: BotRequest, call: PreparedCall): Promise<View | undefined> {
    const isChange = call.kind === "change";
    const standing = await options.people.check(request.person, isChange ? "change" : "read");
    if (!standing.ok) return refusal(standing.reason);
    return isChange && !operators.includes(request.person.id)
      ? operatorsOnly(operators)
      : undefined;
  }

  /** Goes on after a reply that could not be shown: a run must be followed to its end whatever chat does. */
  async function tell(request: BotRequest, replies: AsyncIterable<Reply>): Promise<void> {
    let isTold = false;
    for await (const reply of replies) {
      try {
        await send(request, reply);
      } catch (error) {
        logger.warn({ place: request.place, error }, "reply could not be shown");
        if (!isTold) await request.whisper(errorView(error));
        isTold = true;
      }
    }
  }

  async function send(request: BotRequest, reply: Reply): Promise<void> {
    if (reply.to === "person") return request.whisper(reply.view);
    if (reply.to === "thread") return outbox.thread(reply.subject, request.place, reply.view);
    return outbox.show(reply.subject, request.place, reply.view);
  }

  function begin(request: BotRequest, read: Read, isAnswered: boolean): Promise<void> {
    const work = handle(request, read, isAnswered)
      .catch(async (error: unknown) => {
        logger.error({ place: request.place, error }, "request failed");
        await request.whisper(errorView(error));
      })
      .catch((error: unknown) => logger.error({ place: request.place, error }, "answer failed"));
    atWork.add(work);
    return work.finally(() => atWork.delete(work));
  }

  return {
    accept(request) {
      const read: Read = signal.aborted
        ? { kind: "answer", view: goingDown() }
        : readRequest(options.commands, buttons, request.content);
      const acknowledgement = request.answersAtOnce ? spoken(read) : undefined;
      const isAnswered = read.kind === "answer" && acknowledgement !== undefined;
      return { acknowledgement, work: () => begin(request, read, isAnswered) };
    },
    async close() {
      closing.abort(new Error("the bot is being stopped"));
      const active = runs.list().filter(({ result }) => result === undefined);
      logger.info({ runs: active.map(({ id }) => id) }, "the bot is being stopped");
      const ended = Promise.all([runs.stopAll(), ...atWork]);
      await within(clock, options.drainMs ?? 10_000, ended);
      for (const run of runs.list()) {
        if (run.result === undefined) await outbox.conclude(run.id, interrupted(run));
      }
      await outbox.flush();
      logger.info({}, "the bot has stopped");
    },
  };
}

function spoken(read: Read): View | undefined {
  if (read.kind === "answer") return read.view;
  const text = read.call.acknowledgement;
  return text === undefined ? undefined : { blocks: [{ kind: "text", text }] };
}
