import { type BoundKappa4, type ClaimedEvent, Kappa4Error, type Logger } from "@kappa4/sdk";
import type { Block, View } from "../view/model.ts";
import { isDoubtful, isFinal, retryDelay } from "./back-off.ts";

/** Somebody, or some place, that is to hear of events. */
export interface Addressee {
  /** The same at every attempt: the id of a person, or `thread`. */
  readonly key: string;
  /** Says it; rejects when it did not get through. */
  send(isRepeat: boolean): Promise<void>;
  /** Who hears of it instead when this one never will. */
  readonly instead?: readonly Addressee[] | undefined;
}

/** What delivering stands on. */
export interface DeliverParts {
  /** The surface: `slack` for example. */
  readonly platform: string;
  /** As Kappa4 itself. */
  readonly kappa4: BoundKappa4;
  readonly logger: Logger;
}

/**
 * Tells events that were claimed, all together and each addressee once, and writes down what came of it. What did not
 * get through is left to whoever claims it next, after a while; what never will is logged and given up. Of an earlier
 * attempt that ended without a word nobody knows whether it told: then it is told again, and said so.
 */
export async function deliver(
  { platform: place, kappa4, logger }: DeliverParts,
  claims: readonly ClaimedEvent[],
  addressees: () => Promise<readonly Addressee[]>,
): Promise<void> {
  const [first] = claims;
  if (first === undefined) return;
  const events = claims.map(({ event, attempt }) => ({ event, attempt }));
  const isRepeat = claims.some((claim) => claim.isDoubtful);
  const attempt = Math.max(...claims.map((claim) => claim.attempt));
  const readers: Record<string, string | null> = Object.assign(
    {},
    ...claims.map((claim) => claim.readers),
  );
  let trouble: unknown;
  let isLost = false;

  /** An earlier attempt that told of only some of them has not told of the others. */
  const isDone = (key: string): boolean => claims.every((claim) => key in claim.readers);

  async function tell(all: readonly Addressee[]): Promise<void> {
    for (const one of all) {
      if (!isDone(one.key)) await reach(one, one === all.at(-1));
      if (typeof readers[one.key] !== "string") continue;
      if (one.instead === undefined) isLost = true;
      else await tell(one.instead);
    }
  }

  /** Notes at once that it got through: whoever goes on from there tells nobody twice. */
  async function reach({ key, send }: Addressee, isLast: boolean): Promise<void> {
    try {
      await send(isRepeat);
      readers[key] = null;
    } catch (error) {
      const fields = { event: first?.event, place, reader: key, error };
      if (!isFinal(error)) {
        trouble = error;
        logger.warn(fields, "event did not get through and is told later");
        return;
      }
      readers[key] = reasonOf(error);
      logger.error(fields, "event could not be told");
    }
    if (!isLast) await kappa4.events.settle({ events, place, state: "telling", readers });
  }

  try {
    await tell(await addressees());
  } catch (error) {
    if (Kappa4Error.is(error, "conflict")) throw error;
    trouble = error;
  }
  const common = { events, place, readers };
  if (trouble !== undefined && !isFinal(trouble)) {
    await kappa4.events.settle({
      ...common,
      state: "waiting",
      error: reasonOf(trouble),
      retryInMs: retryDelay(attempt, trouble),
      isDoubtful: isDoubtful(trouble),
    });
    return;
  }
  if (trouble === undefined && !isLost) {
    await kappa4.events.settle({ ...common, state: "told" });
    return;
  }
  if (trouble !== undefined) {
    logger.error({ event: first.event, place, error: trouble }, "event could not be told");
  }
  const reason = Object.values(readers).findLast((text) => text !== null);
  await kappa4.events.settle({
    ...common,
    state: "failed",
    error: trouble === undefined ? (reason ?? undefined) : reasonOf(trouble),
  });
}

/** Says below a message that it may be there already. */
export function repeated(view: View, isRepeat: boolean): View {
  if (!isRepeat) return view;
  return { ...view, blocks: [...view.blocks, AGAIN] };
}

const AGAIN: Block = {
  kind: "note",
  text: "Told again: nobody knows whether an earlier message of this got through.",
};

function reasonOf(error: unknown): string {
  const text = Kappa4Error.is(error) ? error.message : "Something went wrong here; see the log.";
  return text.slice(0, 1000);
}
