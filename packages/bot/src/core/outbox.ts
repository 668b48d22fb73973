import { type Clock, Kappa4Error, type Logger } from "@kappa4/sdk";
import type { View } from "../view/model.ts";
import { createEditBudget, type EditBudget } from "./edit-budget.ts";
import type { MessagePort, MessageRef } from "./port.ts";

/** Keeps one message per subject equal to the newest view of it. */
export interface Outbox {
  /**
   * Posts the first view of a subject and edits the message for those that follow: the first edit at once, then
   * at most one per interval, always with the newest view, and always the last one. Resolves when the message is
   * posted, at once when it is already; rejects when posting failed.
   */
  show(subject: string, place: string, view: View): Promise<void>;
  /** Edits the message of a subject, where there is one; tells whether there is. */
  update(subject: string, view: View): Promise<boolean>;
  /** Learns where the message of a subject stands that was posted before; does nothing when that is known. */
  adopt(subject: string, message: MessageRef): void;
  /** Posts a new message below that of the subject. */
  thread(subject: string, place: string, view: View): Promise<void>;
  /** Waits for nothing more between edits and resolves when all are out. */
  flush(): Promise<void>;
}

/** Options of {@link createOutbox}. */
export interface OutboxOptions {
  readonly port: MessagePort;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Least time between two edits of a message. Default 3000. */
  readonly intervalMs?: number | undefined;
  readonly budget?: EditBudget | undefined;
}

const MOST_SUBJECTS = 1000;
const MOST_ATTEMPTS = 5;

interface Message {
  readonly subject: string;
  readonly place: string;
  ref: MessageRef | undefined;
  /** Set while the message is being posted. */
  posting: Promise<void> | undefined;
  /** The newest view that is not out yet. */
  wanted: View | undefined;
  /** What the message shows, as JSON. */
  shown: string;
  nextEditAt: number;
  attempts: number;
  work: Promise<void> | undefined;
}

/** Makes an outbox over a surface. */
export function createOutbox(options: OutboxOptions): Outbox {
  const { port, clock, logger } = options;
  const intervalMs = options.intervalMs ?? 3000;
  const budget = options.budget ?? createEditBudget();
  const hurry = new AbortController();
  const messages = new Map<string, Message>();

  function messageOf(subject: string, place: string): Message {
    const known = messages.get(subject);
    if (known !== undefined) return known;
    const [oldest] = messages.keys();
    if (messages.size >= MOST_SUBJECTS && oldest !== undefined) messages.delete(oldest);
    const made: Message = {
      subject,
      place,
      ref: undefined,
      posting: undefined,
      wanted: undefined,
      shown: "",
      nextEditAt: 0,
      attempts: 0,
      work: undefined,
    };
    messages.set(subject, made);
    return made;
  }

  async function work(message: Message): Promise<void> {
    try {
      while (message.wanted !== undefined) await bringUpToDate(message);
    } finally {
      // In the same breath as the last look at `wanted`: a view that comes now starts new work.
      message.work = undefined;
    }
  }

  async function bringUpToDate(message: Message): Promise<void> {
    if (message.ref === undefined) {
      message.posting = post(message).finally(() => {
        message.posting = undefined;
      });
      return message.posting;
    }
    await pause(Math.max(message.nextEditAt - clock.now(), budget.delay(clock.now())));
    await edit(message, message.ref);
  }

  async function post(message: Message): Promise<void> {
    const view = message.wanted;
    if (view === undefined) return;
    message.wanted = undefined;
    message.ref = await port.post(message.place, view);
    message.shown = JSON.stringify(view);
  }

  async function edit(message: Message, ref: MessageRef): Promise<void> {
    const view = message.wanted;
    message.wanted = undefined;
    const content = JSON.stringify(view);
    if (view === undefined || content === message.shown) return;
    const now = clock.now();
    budget.spend(now);
    message.nextEditAt = now + intervalMs;
    try {
      await port.edit(ref, view);
      message.shown = content;
      message.attempts = 0;
    } catch (error) {
      await recover(message, view, error);
    }
  }

  /** Decides what becomes of an edit that failed; a newer view takes its place in any case. */
  async function recover(message: Message, view: View, error: unknown): Promise<void> {
    const retry = (): void => {
      message.wanted ??= view;
    };
    if (Kappa4Error.is(error, "not_found")) {
      message.ref = undefined;
      return retry();
    }
    message.attempts += 1;
    if (message.attempts > MOST_ATTEMPTS) {
      logger.warn({ subject: message.subject, error }, "message could not be edited");
      message.attempts = 0;
      return;
    }
    retry();
    await pause(retryAfter(error) ?? 500 * 2 ** message.attempts);
  }

  async function pause(ms: number): Promise<void> {
    if (ms <= 0 || hurry.signal.aborted) return;
    try {
      await clock.sleep(ms, hurry.signal);
    } catch (error) {
      if (!hurry.signal.aborted) throw error;
    }
  }

  async function show(subject: string, place: string, view: View): Promise<void> {
    const message = messageOf(subject, place);
    message.wanted = view;
    if (message.work === undefined) {
      message.work = work(message);
      message.work.catch((error: unknown) =>
        logger.warn({ subject, error }, "message could not be posted"),
      );
    }
    await message.posting;
  }

  return {
    show,
    async update(subject, view) {
      const message = messages.get(subject);
      if (message === undefined) return false;
      await show(subject, message.place, view);
      return true;
    },
    adopt(subject, ref) {
      if (!messages.has(subject)) messageOf(subject, ref.place).ref = ref;
    },
    async thread(subject, place, view) {
      const message = messages.get(subject);
      await message?.posting?.catch(() => undefined);
      await port.post(message?.ref?.place ?? place, view, message?.ref);
    },
    async flush() {
      hurry.abort();
      await Promise.allSettled([...messages.values()].map((message) => message.work));
    },
  };
}

function retryAfter(error: unknown): number | undefined {
  if (!Kappa4Error.is(error, "rate_limited") || !("retryAfterMs" in error)) return undefined;
  return typeof error.retryAfterMs === "number" ? error.retryAfterMs : undefined;
}
