import { z } from "zod";
import type { PlanView } from "../../actions/answers.ts";
import { defineAction, type ReadAction } from "../../actions/define.ts";
import { type ConnectionInput, connectionField } from "../../actions/inputs.ts";
import { onReachable } from "../../actions/scopes.ts";
import { type Freeze, freezeOf } from "../../approving/freeze.ts";
import type { OrgTransaction, RunFilter, StoredApproval, StoredPlan } from "../../store/index.ts";
import { interruptionsOf } from "../interruptions.ts";
import { type RebalanceRun, rebalanceRun } from "../run-tally.ts";

/** The last plan of a connection, in short. */
export interface LastPlan
  extends Pick<
    PlanView,
    "id" | "shortId" | "state" | "risk" | "requestedBy" | "createdAt" | "expiresAt"
  > {
  readonly moves: number;
  /** Of its last request, for example `pending`; undefined where nobody has asked yet. */
  readonly approval: { readonly shortId: string; readonly state: string } | undefined;
}

/** How the levelling of one cluster stands. */
export interface RebalanceStatus {
  readonly connection: string;
  readonly plan: LastPlan | undefined;
  /** What is under way; else what waits for its start. */
  readonly run: RebalanceRun | undefined;
  /** The process that works on the run; undefined when none does: the one that did is gone, or none has begun. */
  readonly worker: string | undefined;
  /** The last one that is over. */
  readonly last: RebalanceRun | undefined;
  /** Undefined while new runs may start. */
  readonly frozen: Pick<Freeze, "by" | "reason" | "since"> | undefined;
  /** What ends next if nobody does anything: the plan, the time to decide on it, or the time to start it. */
  readonly deadline: { readonly at: Date; readonly of: string } | undefined;
}

const APPLY = "rebalance.apply";
const MOST = 500;

/** `rebalance.status` */
export const status: ReadAction<ConnectionInput, readonly RebalanceStatus[]> = defineAction<
  ConnectionInput,
  readonly RebalanceStatus[]
>({
  name: "rebalance.status",
  description:
    "Says for each connection what is planned, what is under way, how the last rebalance ended, and whether any may start.",
  kind: "read",
  risk: 0,
  permission: "overview.read",
  input: z.strictObject({
    connection: connectionField.describe("Only this connection. Default: all."),
  }),
  ...onReachable,
  run({ inOrg, systems, reached, clock }, { connection }) {
    const now = new Date(clock.now());
    return inOrg(async (tx) => {
      const within = await reached(tx);
      const known = connection === undefined ? await underWayOr(tx, systems.names) : [connection];
      const names = known.filter((name) => within?.includes(name) ?? true);
      return Promise.all(names.map((name) => statusOf(tx, name, now)));
    });
  },
});

/** The connections that are configured, and those that are no more while something is under way on them. */
async function underWayOr(
  tx: OrgTransaction,
  configured: readonly string[],
): Promise<readonly string[]> {
  const open = await tx.runs.list({ action: APPLY, states: ["queued", "running"], limit: MOST });
  return [...new Set([...configured, ...open.map(({ connection }) => connection)])];
}

async function statusOf(
  tx: OrgTransaction,
  connection: string,
  now: Date,
): Promise<RebalanceStatus> {
  const run = async (states: RunFilter["states"]): Promise<RebalanceRun | undefined> => {
    const found = await tx.runs.list({
      connections: [connection],
      action: APPLY,
      states,
      limit: 1,
    });
    const taken = await interruptionsOf(tx, found);
    return found.map((one) => rebalanceRun(one, taken.get(one.id)))[0];
  };
  const [plan] = await tx.plans.list({ connections: [connection], action: APPLY, limit: 1 });
  const asked = plan && (await tx.approvals.findByPlan(plan.id));
  const deadline = plan && deadlineOf(plan, asked);
  const underWay = (await run(["running"])) ?? (await run(["queued"]));
  const lease = underWay && (await tx.leases.find(underWay.cluster));
  return {
    connection,
    plan: plan && lastPlan(plan, asked),
    run: underWay,
    worker: lease?.runId === underWay?.id ? lease?.holder : undefined,
    last: await run(["succeeded", "partly_failed", "failed", "cancelled", "stale", "skipped"]),
    frozen: await freezeOf(tx),
    deadline: deadline !== undefined && deadline.at > now ? deadline : undefined,
  };
}

function lastPlan(stored: StoredPlan, asked: StoredApproval | undefined): LastPlan {
  const { id, shortId, state, risk, requestedBy, createdAt, expiresAt, content } = stored;
  const { moves = [] } = Object(content) as { readonly moves?: readonly unknown[] };
  const approval = asked && { shortId: asked.shortId, state: asked.approval.state };
  const facts = { id, shortId, state, risk, requestedBy, createdAt, expiresAt };
  return { ...facts, moves: moves.length, approval };
}

/** The end of a plan that nobody has asked for, of the time to decide on it, or of the time to start it. */
function deadlineOf(
  { state, shortId, expiresAt }: StoredPlan,
  asked: StoredApproval | undefined,
): RebalanceStatus["deadline"] {
  if (asked === undefined) return state === "draft" ? { at: expiresAt, of: shortId } : undefined;
  const { state: stands, request, clearance } = asked.approval;
  const at = { pending: request?.deadline, approved: clearance?.startBy }[String(stands)];
  return at && { at, of: asked.shortId };
}
