import { Kappa4Error } from "@kappa4/connectors";
import { z } from "zod";
import { actorName } from "../../actions/actor.ts";
import type { RunView } from "../../actions/answers.ts";
import type { ChangeContext } from "../../actions/context.ts";
import { type ChangeAction, defineAction } from "../../actions/define.ts";
import { reasonField } from "../../actions/inputs.ts";
import { isAdmin } from "../../approvals/index.ts";
import { decide, factsOf } from "../../approving/decide.ts";
import { callerAsPerson } from "../../approving/people.ts";
import type { StoredRun } from "../../store/index.ts";
import { endQueued, WITHDRAWN } from "../end-run.ts";
import { getRun } from "../get-run.ts";
import { runView } from "../views.ts";
import { type RunInput, runField } from "./inputs.ts";

/** Which run, and why. */
export interface CancelRunInput extends RunInput {
  readonly reason: string;
  /** The incident in which somebody stops a run that is not their own. */
  readonly incident?: string | undefined;
}

/** `runs.cancel` */
export const cancel: ChangeAction<CancelRunInput, RunView> = defineAction<CancelRunInput, RunView>({
  name: "runs.cancel",
  description: "Starts nothing more of a run; what is under way is followed to its end.",
  kind: "change",
  risk: 1,
  isBrake: true,
  permission: "runs.cancel",
  // Whoever may start runs may stop somebody else's in an incident.
  also: {
    permission: "rebalance.run",
    when: ({ incident }) => (incident ?? "").trim() !== "",
    hint: "During an incident, name the incident.",
  },
  input: z.strictObject({
    run: runField,
    reason: reasonField,
    incident: z
      .string()
      .min(1)
      .optional()
      .describe("The incident in which you stop somebody else's run."),
  }),
  scope: ({ run }) => ({ kind: "run", name: run }),
  audit: ({ run, reason, incident }) => ({
    targets: [`run:${run}`],
    reason,
    details: incident === undefined ? undefined : { incident },
  }),
  async run(context, input) {
    const { tx, clock, caller } = context;
    const run = await getRun(tx, input.run);
    if (run.endedAt !== null) {
      const message = `Run ${run.shortId} is over already: ${run.state.replace("_", " ")}.`;
      throw new Kappa4Error("conflict", message, { retryable: false });
    }
    await stopApproval(context, run, input);
    const cancelAskedAt = run.cancelAskedAt ?? new Date(clock.now());
    const cancelAskedBy = run.cancelAskedBy ?? actorName(caller.actor);
    await tx.runs.update(run.id, ["queued", "running"], { cancelAskedAt, cancelAskedBy });
    // One that has begun is stopped by whoever carries it out; of the others nothing is left to do.
    await endQueued(tx, clock, run.planId, WITHDRAWN);
    return runView(await getRun(tx, run.id));
  },
});

/** Before its start an approval is withdrawn, then it is cancelled; either way it says who may. */
async function stopApproval(
  { tx, clock, caller }: ChangeContext,
  { approvalId, connection }: StoredRun,
  { reason, incident }: CancelRunInput,
): Promise<void> {
  const stored = approvalId === null ? undefined : await tx.approvals.lock(approvalId);
  if (stored === undefined || stored.approval.state === "cancelled") return;
  const scope = { kind: "connection", org: tx.org, connection } as const;
  const facts = await factsOf(tx, clock, { permission: "rebalance.run", scope });
  const { now } = facts;
  const person = await callerAsPerson(tx, caller, { permission: "rebalance.run", scope, now });
  // A role of the organisation's own may hold it as an Admin does, and nothing else of an Admin.
  const stopper = await callerAsPerson(tx, caller, { permission: "runs.cancel", scope, now });
  const isRaised = stopper.isPermitted && !isAdmin(person);
  const by = isRaised ? { ...person, rank: "admin" as const } : person;
  const kind = stored.approval.state === "executing" ? "cancel" : "withdraw";
  await decide(tx, stored, { kind, by, reason, incident }, facts);
}
