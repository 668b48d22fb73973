import {
  type BoundKappa4,
  type ClaimedEvent,
  Kappa4Error,
  type Logger,
  type SettleEventsInput,
} from "@kappa4/sdk";
import type { Block, View } from "../view/model.ts";
import { isDoubtful, isFinal, retryDelay } from "./back-off.ts";

/** Somebody, or some place, that is to hear of events. */
export interface Addressee {
  /** The same at every attempt: the id of a person, or {@link THREAD}. */
  readonly key: string;
  /** Of which events it hears, by their ids. Default: all. */
  readonly events?: readonly string[] | undefined;
  /** Says it; rejects when it did not get through. */
  send(isRepeat: boolean): Promise<void>;
  /** Who hears of it instead when this one never will. */
  readonly instead?: readonly Addressee[] | undefined;
}

/** The key of a message that is shown already, and answered below: people are told directly where that fails. */
export const THREAD = "thread";

/** What delivering stands on. */
export interface DeliverParts {
  /** The surface: `slack` for example. */
  readonly platform: string;
  /** As Kappa4 itself. */
  readonly kappa4: { readonly events: Pick<BoundKappa4["events"], "settle"> };
  readonly logger: Logger;
}

/** How telling of one event goes. */
interface Telling extends Pick<ClaimedEvent, "event" | "attempt" | "isDoubtful"> {
  /** Who was told of this very event, as null, and who could not be, with the reason. */
  readonly readers: Record<string, string | null>;
  /** Why somebody has not heard of it yet. */
  trouble?: unknown;
}

/**
 * Tells events that were claimed, all together and each addressee once, and writes down for each what came of it. What
 * did not get through is left to whoever claims it next, after a while; what never will is logged and given up. Of an
 * earlier attempt that ended without a word nobody knows whether it told: then it is told again, and said so.
 */
export async function deliver(
  { platform: place, kappa4, logger }: DeliverParts,
  claims: readonly ClaimedEvent[],
  addressees: () => Promise<readonly Addressee[]>,
): Promise<void> {
  if (claims.length === 0) return;
  const tellings = claims.map(
    (claim): Telling => ({ ...claim, readers: { ...claim.readers }, trouble: undefined }),
  );

  async function tell(all: readonly Addressee[]): Promise<void> {
    for (const one of all) {
      const concerned = tellings.filter(({ event }) => one.events?.includes(event) ?? true);
      const open = concerned.filter(({ readers }) => !(one.key in readers));
      if (open.length > 0) await reach(one, open, one === all.at(-1));
      if (one.instead === undefined) continue;
      if (concerned.some(({ readers }) => typeof readers[one.key] === "string")) {
        await tell(one.instead);
      }
    }
  }

  /** Notes at once that it got through: whoever goes on from there tells nobody twice. */
  async function reach(
    { key, send }: Addressee,
    open: readonly Telling[],
    isLast: boolean,
  ): Promise<void> {
    try {
      await send(open.some((telling) => telling.isDoubtful));
      for (const { readers } of open) readers[key] = null;
    } catch (error) {
      const fields = { events: open.map(({ event }) => event), place, reader: key, error };
      if (!isFinal(error)) {
        for (const telling of open) telling.trouble = error;
        logger.warn(fields, "event did not get through and is told later");
        return;
      }
      for (const { readers } of open) readers[key] = reasonOf(error);
      logger.error(fields, "event could not be told");
    }
    if (isLast) return;
    await kappa4.events.settle({ events: tellings.map(claimOf), place, state: "telling" });
  }

  try {
    await tell(await addressees());
  } catch (error) {
    if (Kappa4Error.is(error, "conflict")) throw error;
    for (const telling of tellings) telling.trouble = error;
    if (isFinal(error)) {
      const events = tellings.map(({ event }) => event);
      logger.error({ events, place, error }, "event could not be told");
    }
  }
  for (const { tellings: alike, ...end } of endsOf(tellings)) {
    await kappa4.events.settle({ events: alike.map(claimOf), place, ...end });
  }
}

function claimOf({ event, attempt, readers }: Telling) {
  return { event, attempt, readers };
}

type End = Pick<SettleEventsInput, "state" | "error" | "retryInMs" | "isDoubtful">;

/** What comes of events; those that end alike are together. */
function endsOf(all: readonly Telling[]): Iterable<End & { readonly tellings: Telling[] }> {
  const ends = new Map<string, End & { readonly tellings: Telling[] }>();
  for (const telling of all) {
    const end = endOf(telling);
    const key = JSON.stringify(end);
    const alike = ends.get(key);
    if (alike === undefined) ends.set(key, { ...end, tellings: [telling] });
    else alike.tellings.push(telling);
  }
  return ends.values();
}

/** An earlier attempt may have failed with somebody for good: what succeeds now does not undo that. */
function endOf({ attempt, readers, trouble }: Telling): End {
  if (trouble === undefined) {
    const error = lossOf(readers);
    return error === undefined ? { state: "told" } : { state: "failed", error };
  }
  const error = reasonOf(trouble);
  if (isFinal(trouble)) return { state: "failed", error };
  const retryInMs = retryDelay(attempt, trouble);
  return { state: "waiting", error, retryInMs, isDoubtful: isDoubtful(trouble) };
}

/** Why somebody never hears of an event; who was told in place of a thread makes good for it. */
function lossOf(readers: Telling["readers"]): string | undefined {
  const isMadeGood = Object.values(readers).includes(null);
  const losses = Object.entries(readers).flatMap(([key, reason]) =>
    reason === null || (key === THREAD && isMadeGood) ? [] : [reason],
  );
  return losses.at(-1);
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
