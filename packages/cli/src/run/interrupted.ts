import type { ApplyResult, ApplyRun, Kappa4, PlanView } from "@kappa4/sdk";
import { followApply } from "@kappa4/sdk";
import type { RebalancePlan } from "@kappa4/sdk/balancing";
import type { CommandIo } from "../io.ts";
import { say } from "../say.ts";

/**
 * Goes on with the runs of a connection that another process has left, before anything new is planned: a plan made
 * beside them would not fit any more when they are done. Returns false when somebody stopped waiting for one.
 */
export async function finishInterrupted(
  kappa4: Kappa4,
  connection: string,
  io: CommandIo,
  watch: (run: ApplyRun) => Promise<ApplyResult | undefined>,
): Promise<boolean> {
  const open = await kappa4.runs.list({ connection, action: "rebalance.apply", isOpen: true });
  if (open.length === 0) return true;
  await kappa4.start();
  for (const run of open.toReversed()) {
    say(io.stderr, `Run ${run.shortId} was left unfinished; going on with it before anything new.`);
    const plan = await kappa4.plans.get({ plan: run.plan });
    const result = await watch(followApply(kappa4, plan as PlanView<RebalancePlan>, run));
    if (result === undefined) return false;
    say(io.stderr, `Run ${run.shortId} is over: ${result.outcome}.`);
  }
  return true;
}
