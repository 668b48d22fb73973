import { z } from "zod";
import type { ApprovalView } from "../../actions/answers.ts";
import { type ChangeAction, defineAction } from "../../actions/define.ts";
import { onOrg } from "../../actions/scopes.ts";
import { transition } from "../../approvals/index.ts";
import { putOnRecord } from "../../audit/put-on-record.ts";
import { approvalView } from "../../runs/views.ts";
import { systemOnly } from "../../users/system-only.ts";
import { policyOf } from "../policy.ts";

/** `approvals.expire` */
export const expire: ChangeAction<object, readonly ApprovalView[]> = defineAction<
  object,
  readonly ApprovalView[]
>({
  name: "approvals.expire",
  description: "Ends what nobody has decided, or started, in its time.",
  kind: "change",
  risk: 0,
  permission: "system.write",
  input: z.strictObject({}),
  ...onOrg,
  audit: () => ({ targets: ["approvals"] }),
  async run({ tx, clock, caller }) {
    systemOnly(caller);
    const now = new Date(clock.now());
    const facts = { now, policy: await policyOf(tx), isFrozen: false, people: [] };
    const ended: ApprovalView[] = [];
    for (const { id } of await tx.approvals.list({ states: ["pending", "approved"], limit: 500 })) {
      const stored = await tx.approvals.lock(id);
      const run = stored && (await tx.runs.findByPlan(stored.planId));
      // What has a run is the worker's to start or to end.
      if (stored === undefined || (run !== undefined && run.endedAt === null)) continue;
      const result = transition(stored.approval, { kind: "deadline" }, facts);
      if (!result.ok || !(await tx.approvals.save(id, result.next))) continue;
      await putOnRecord(tx, clock, {
        caller,
        action: "approval.expired",
        targets: [`approval:${stored.shortId}`],
        outcome: "done",
        planHash: stored.approval.hash,
      });
      ended.push(approvalView({ ...stored, approval: result.next }));
    }
    return ended;
  },
});
