import { type Clock, type Kappa4, Kappa4Error, type Logger } from "@kappa4/sdk";
import type { CommandContext, Reply } from "../commands/context.ts";
import type { Command } from "../commands/define.ts";
import { errorView } from "../commands/error-view.ts";
import type { View } from "../view/model.ts";
import { goingDown, refusal } from "./answers.ts";
import { createDirectory } from "./directory.ts";
import { createFollower } from "./follower.ts";
import { createMemoryInbox, type Inbox } from "./inbox.ts";
import { createOutbox } from "./outbox.ts";
import type { People } from "./people.ts";
import type { MessagePort } from "./port.ts";
import { type Read, readRequest } from "./read-request.ts";
import { createRefusals } from "./refusals.ts";
import type { BotRequest, Form } from "./request.ts";
import { within } from "./within.ts";

/** A request that was read. */
interface Accepted {
  /** What to say at once. */
  readonly acknowledgement: View | undefined;
  /** What to ask at once, while the surface still allows it. */
  readonly form: Form | undefined;
  /** Does the work; to be called once, after the acknowledgement is out. Never rejects. */
  work(): Promise<void>;
}

/** What every surface shares: who somebody is, the commands, and the messages that follow. */
export interface Core {
  /** Reads a request without waiting for anything, so that it can be acknowledged at once. */
  accept(request: BotRequest): Accepted;
  /** Goes on telling of all that is not over: after a restart. */
  resume(): Promise<void>;
  /** Takes nothing more in, and waits until what is under way has been told. Runs go on without it. */
  close(): Promise<void>;
}

/** Options of {@link createCore}. */
export interface CoreOptions {
  readonly kappa4: Pick<Kappa4, "as" | "connections">;
  readonly commands: Readonly<Record<string, Command>>;
  /** The surface: `slack` for example. */
  readonly platform: "slack";
  /** The workspace that the surface serves, as the platform names it. */
  readonly workspace: string;
  readonly people: People;
  readonly port: MessagePort;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly inbox?: Inbox | undefined;
  /** How long a stop waits for requests under way. Default 10 seconds. */
  readonly drainMs?: number | undefined;
}

/** Makes the core over a surface. Which message shows what, and which request was seen, is kept in memory. */
export function createCore(options: CoreOptions): Core {
  const { kappa4, platform: via, workspace, clock, logger, port } = options;
  const inbox = options.inbox ?? createMemoryInbox(clock);
  const outbox = createOutbox({ port, clock, logger });
  const closing = new AbortController();
  const { signal } = closing;
  const system = kappa4.as({ actor: { kind: "system" }, via });
  const directory = createDirectory({ kappa4: system, clock, platform: via, workspace });
  const refusals = createRefusals({ kappa4: system, platform: via, clock, logger, signal });
  const follower = createFollower({
    ...{ platform: via, kappa4: system, clock, logger, outbox, port, directory, signal },
  });
  const atWork = new Set<Promise<void>>();

  async function contextFor(request: BotRequest, name: string): Promise<CommandContext> {
    const { person, place, keys } = request;
    const user = await directory.personOf(person, name);
    const { connections } = kappa4;
    const chat = { workspace: person.team, account: person.id, channel: place };
    const caller = { actor: { kind: "person", id: user }, via, chat } as const;
    return {
      kappa4: { ...kappa4.as(caller), connections },
      clock,
      person: person.id,
      user,
      place,
      once: (what) => ({ requestKey: `${via}:${keys.at(-1)}:${what}` }),
      people: () => directory.who(),
      follow: follower.for({
        place,
        trouble: (error) => request.whisper(errorView(error)),
      }),
    };
  }

  async function handle(request: BotRequest, read: Read, isAnswered: boolean): Promise<void> {
    if (!(await inbox.claim(request.keys))) {
      logger.info({ person: request.person.id }, "request came again and is ignored");
      return;
    }
    if (read.kind === "form") return;
    if (read.kind === "answer") {
      if (!isAnswered) await request.whisper(read.view);
      return;
    }
    const fields = { person: request.person.id, place: request.place, verb: read.verb };
    const purpose = read.call.kind === "change" ? "change" : "read";
    const standing = await options.people.check(request.person, purpose);
    if (!standing.ok) {
      logger.info(fields, "request was refused");
      // Neither waits for the other: who is refused is told so while the store is away.
      const noted = refusals.note(request.person, `${read.command} ${read.verb}`, standing.reason);
      await Promise.all([noted, request.whisper(refusal(standing.reason))]);
      return;
    }
    const { content } = request;
    if (content.kind === "button" && content.message !== undefined && read.on !== undefined) {
      outbox.adopt(read.on, content.message);
    }
    logger.info(fields, "request is carried out");
    await tell(request, read.call.run(await contextFor(request, standing.name)));
  }

  /** Goes on after a reply that could not be shown: the others may get through. */
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
    switch (reply.to) {
      case "person":
        return request.whisper(reply.view);
      case "thread":
        return outbox.thread(reply.subject, request.place, reply.view);
      case "channel":
        return outbox.show(reply.subject, request.place, reply.view);
      case "message":
        await outbox.update(reply.subject, reply.view);
    }
  }

  function begin(request: BotRequest, read: Read, isAnswered: boolean): Promise<void> {
    const work = handle(request, read, isAnswered)
      .catch(async (error: unknown) => {
        // The account may be somebody else's by now.
        if (Kappa4Error.is(error, "permission")) directory.forget(request.person);
        const isRefusal = Kappa4Error.is(error) && error.code !== "internal";
        const fields = { person: request.person.id, place: request.place, error };
        if (isRefusal) logger.info(fields, "request was refused");
        else logger.error(fields, "request failed");
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
        : readRequest(options.commands, request.content);
      const acknowledgement = request.answersAtOnce ? spoken(read) : undefined;
      const isAnswered = read.kind === "answer" && acknowledgement !== undefined;
      const form = read.kind === "form" ? read.form : undefined;
      return { acknowledgement, form, work: () => begin(request, read, isAnswered) };
    },
    resume: () => follower.resume(),
    async close() {
      logger.info({}, "the bot is being stopped");
      closing.abort(new Error("the bot is being stopped"));
      const ended = [...atWork, follower.ended(), refusals.flush()];
      await within(clock, options.drainMs ?? 10_000, Promise.all(ended));
      await outbox.flush();
      logger.info({}, "the bot has stopped");
    },
  };
}

function spoken(read: Read): View | undefined {
  if (read.kind === "answer") return read.view;
  if (read.kind === "form") return undefined;
  const text = read.call.acknowledgement;
  return text === undefined ? undefined : { blocks: [{ kind: "text", text }] };
}
