import type { PlanDetails, RunView } from "@kappa4/sdk";
import { runSentence } from "../commands/rebalance/answers.ts";
import { isRebalance, resultOf, type StoredRebalance } from "../commands/rebalance/known.ts";
import { planMessage } from "../commands/rebalance/plan-message.ts";
import { applyProgressView, runTitle } from "../commands/rebalance/progress-view.ts";
import { applyResultView, resultText } from "../commands/rebalance/result-view.ts";
import { MOST_MOVES_IN_CHAT, runMessage } from "../commands/rebalance/run-message.ts";
import type { View } from "../view/model.ts";
import { deliver, repeated, THREAD } from "./deliver.ts";
import { directTo } from "./direct-to.ts";
import type { FollowerParts } from "./follower.ts";

/** Who sees a run. */
export interface RunAudience {
  /** Returns where it is shown; undefined when it can be shown nowhere. */
  placeFor(requestedBy: string): Promise<string | undefined>;
  trouble(error: unknown): Promise<void>;
}

/** Shows how a run goes and how it ended; whatever chat does, it is followed to its end. */
export async function followRun(
  parts: FollowerParts,
  id: string,
  audience: RunAudience,
): Promise<void> {
  const { kappa4, clock, logger, outbox, directory, signal } = parts;
  let isTold = false;
  let place: string | undefined;

  async function show(send: (place: string) => Promise<void>, run: RunView): Promise<void> {
    try {
      place ??= await audience.placeFor(run.requestedBy);
      if (place !== undefined) await send(place);
    } catch (error) {
      logger.warn({ run: id, place, error }, "message could not be shown");
      if (!isTold) await audience.trouble(error);
      isTold = true;
    }
  }

  const { plan: planId } = await kappa4.runs.get({ run: id });
  const plan = await kappa4.plans.get({ plan: planId });
  for await (const run of await kappa4.runs.watch({ run: id }, { signal })) {
    const who = await directory.who();
    const now = new Date(clock.now());
    if (run.endedAt === undefined) {
      const view = runMessage(run, { plan, who, now });
      await show((to) => outbox.show(run.shortId, to, view), run);
      continue;
    }
    logger.info({ run: run.shortId, state: run.state }, "run ended");
    if (!isRebalance(plan)) {
      const over = endedView(run, plan, clock.now());
      const showEnd = (to: string, view = over) => outbox.show(run.shortId, to, view);
      await show(showEnd, run);
      await tellEnd(run, over, showEnd);
      return;
    }
    const { last, result } = await endViews(parts, plan, run);
    // What became of its approval is said where the run came to nothing.
    const { approval } = await kappa4.plans.get({ plan: planId });
    const ended = { ...plan, approval, run };
    await show((to) => outbox.show(run.shortId, to, last), run);
    await outbox.update(plan.shortId, planMessage(ended, { who, now }));
    await tellEnd(run, result, (to, view) => outbox.thread(run.shortId, to, view));
  }

  /** Says how it ended where it was shown, unless another process has; and to who asked where nobody can any more. */
  async function tellEnd(
    { id: subject, requestedBy }: RunView,
    view: View,
    send: (place: string, view: View) => Promise<void>,
  ): Promise<void> {
    const found = await kappa4.events.list({ subject, types: ["run.ended"], limit: 1 });
    const events = found.map((event) => event.id);
    if (events.length === 0) return;
    const claims = await kappa4.events.claim({ events, place: parts.platform });
    await deliver(parts, claims, async () => {
      const direct = await directTo(parts, [requestedBy], () => view);
      const where = place;
      if (where === undefined) return direct;
      const below = (isRepeat: boolean): Promise<void> => send(where, repeated(view, isRepeat));
      return [{ key: THREAD, send: below, instead: direct }];
    });
  }
}

/** What there is to say of a run that is over, to somebody who has not seen it. */
export async function endView(parts: FollowerParts, run: RunView): Promise<View> {
  const plan = await parts.kappa4.plans.get({ plan: run.plan });
  if (!isRebalance(plan)) return endedView(run, plan, parts.clock.now());
  return (await endViews(parts, plan, run)).result;
}

/** How a run of something else than moves ended. */
function endedView(run: RunView, plan: PlanDetails, now: number): View {
  return {
    blocks: [
      { kind: "title", text: runTitle({ run: run.shortId, plan: plan.shortId }) },
      { kind: "text", text: runSentence(run, plan, now) },
    ],
  };
}

async function endViews(
  { kappa4, clock, directory }: FollowerParts,
  plan: StoredRebalance,
  run: RunView,
): Promise<{ readonly last: View; readonly result: View }> {
  const who = await directory.who();
  const ids = { run: run.shortId, plan: plan.shortId };
  const result = await resultOf(kappa4, plan, run);
  const { cancelAskedBy } = run;
  const stoppedBy = cancelAskedBy === undefined ? undefined : who(cancelAskedBy);
  const now = new Date(clock.now());
  return {
    last: applyProgressView(
      { moves: result.moves, startedAt: result.startedAt, now },
      { ...ids, most: MOST_MOVES_IN_CHAT, note: resultText(result, stoppedBy) },
    ),
    result: applyResultView(result, { ...ids, most: MOST_MOVES_IN_CHAT, stoppedBy }),
  };
}
