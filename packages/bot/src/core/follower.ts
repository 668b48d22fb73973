import { type BoundKappa4, type Clock, Kappa4Error, type Logger } from "@kappa4/sdk";
import { approvalMessage } from "../commands/approve/message.ts";
import type { Follow } from "../commands/context.ts";
import { isRebalance } from "../commands/rebalance/known.ts";
import { planMessage } from "../commands/rebalance/plan-message.ts";
import type { Directory } from "./directory.ts";
import { followNews } from "./follow-news.ts";
import { followRun } from "./follow-run.ts";
import type { Outbox } from "./outbox.ts";
import type { MessagePort } from "./port.ts";

/** What following stands on. */
export interface FollowerParts {
  /** The surface: `slack` for example. */
  readonly platform: string;
  /** As Kappa4 itself. */
  readonly kappa4: BoundKappa4;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly outbox: Outbox;
  readonly port: MessagePort;
  readonly directory: Directory;
  /** Ends the following; what is followed goes on. */
  readonly signal: AbortSignal;
}

/** Where something is shown, and who hears of it when that does not work. */
export interface Audience {
  /** A channel; undefined where nobody knows any more: then who asked is written to directly. */
  readonly place: string | undefined;
  /** Tells of the first trouble with a message. */
  trouble(error: unknown): Promise<void>;
}

/** Keeps messages in step with what becomes of plans, approvals and runs. */
export interface Follower {
  /** Follows on behalf of a request. */
  for(audience: Audience): Follow;
  /** Goes on with all that is not over, after a restart, and tells what falls due from then on. */
  resume(): Promise<void>;
  /** Resolves when nothing is under way any more, once the following was ended. */
  ended(): Promise<void>;
}

/** How often it is looked whether somebody has decided. */
const LOOK_MS = 2_000;

/** Makes a follower. */
export function createFollower(parts: FollowerParts): Follower {
  const { kappa4, clock, logger, outbox, directory, signal } = parts;
  const followed = new Map<string, Promise<void>>();

  function begin(id: string, work: () => Promise<void>): void {
    if (followed.has(id) || signal.aborted) return;
    const following = work()
      .catch((error: unknown) => {
        if (!signal.aborted) logger.warn({ subject: id, error }, "could not be followed any more");
      })
      .finally(() => followed.delete(id));
    followed.set(id, following);
  }

  async function showPlan(id: string): Promise<void> {
    const plan = await kappa4.plans.get({ plan: id });
    if (!isRebalance(plan)) return;
    const view = planMessage(plan, { who: await directory.who(), now: new Date(clock.now()) });
    await outbox.update(plan.shortId, view);
  }

  async function expirePlan(id: string): Promise<void> {
    const { expiresAt } = await kappa4.plans.get({ plan: id });
    await clock.sleep(Math.max(0, expiresAt.getTime() - clock.now()), signal);
    await showPlan(id);
  }

  /** Shows each change until nothing more can be decided. */
  async function followApproval(id: string, audience: Audience): Promise<void> {
    let last: string | undefined;
    while (!signal.aborted) {
      const approval = await kappa4.approvals.get({ approval: id });
      const { state, deadline, votes, details, run } = approval;
      const key = `${state} ${votes.length}`;
      if (last !== undefined && key !== last) {
        const who = await directory.who();
        await outbox.update(
          approval.shortId,
          approvalMessage(approval, { who, now: new Date(clock.now()) }),
        );
        if (state !== "pending") await showPlan(details.id);
      }
      if (state !== "pending") {
        if (run !== undefined) follow(audience).run(run.shortId);
        return;
      }
      last = key;
      if (deadline !== undefined && clock.now() >= deadline.getTime()) {
        await kappa4.approvals.attend();
        continue;
      }
      await clock.sleep(LOOK_MS, signal);
    }
  }

  async function directPlace(id: string): Promise<string | undefined> {
    const account = await directory.accountOf(id);
    return account === undefined ? undefined : parts.port.direct(account);
  }

  function follow(audience: Audience): Follow {
    return {
      plan: (id) => begin(id, () => expirePlan(id)),
      approval: (id) => begin(id, () => followApproval(id, audience)),
      run: (id) =>
        begin(id, async () => {
          await followRun(parts, id, {
            ...audience,
            placeFor: async (requestedBy) => audience.place ?? (await directPlace(requestedBy)),
          });
        }),
    };
  }

  return {
    for: follow,
    async ended() {
      await Promise.all(followed.values());
    },
    async resume() {
      begin("news", () => followNews({ ...parts, isFollowed: (run) => followed.has(run) }));
      const unseen = follow({ place: undefined, trouble: async () => undefined });
      try {
        const runs = await kappa4.runs.list({ isOpen: true, action: "rebalance.apply" });
        for (const { shortId } of runs) unseen.run(shortId);
        for (const { shortId, state } of await kappa4.approvals.list()) {
          if (state === "pending") unseen.approval(shortId);
        }
      } catch (error) {
        if (!Kappa4Error.is(error)) throw error;
        logger.warn({ error }, "what is not over could not be looked up");
      }
    },
  };
}
