import { DEFAULT_POLICY, draftApproval, transition } from "../../src/approvals/index.ts";
import { type Id, newId } from "../../src/ids.ts";
import { planHash } from "../../src/plans/plan-hash.ts";
import { setMaintenance } from "../../src/settings/maintenance.ts";
import { putSection } from "../../src/settings/sections.ts";
import type { OrgTransaction, Store, StoredApproval, StoredPlan } from "../../src/store/index.ts";
import { event, NOW, plan as planRow, user } from "../store/support/rows.ts";

/** An organisation with a row of everything, and the names by which each can be asked for. */
export interface FilledOrg {
  readonly org: Id<"org">;
  readonly slug: string;
  /** Stands in every text that nobody asks by: whoever sees it has seen a row of this organisation. */
  readonly canary: string;
  readonly user: Id<"usr">;
  readonly email: string;
  readonly account: string;
  readonly role: string;
  readonly grant: Id<"grt">;
  readonly project: Id<"prj">;
  readonly projectName: string;
  /** Plans: one that nobody has asked for, one that waits for approval, one that was carried out. */
  readonly plans: readonly Id<"pln">[];
  readonly planNames: readonly string[];
  readonly approval: Id<"apr">;
  readonly approvalName: string;
  readonly hash: string;
  readonly run: Id<"run">;
  readonly runName: string;
  readonly event: Id<"evt">;
  readonly node: string;
}

/** Fills an organisation. `mark` makes its names its own: one letter. */
export function fillOrg(
  store: Store,
  org: Id<"org">,
  slug: string,
  mark: string,
): Promise<FilledOrg> {
  return store.inOrg(org, async (tx) => {
    const canary = `canary-of-${slug}`;
    const small = mark.toLowerCase();
    const names = {
      email: `${small}@example.com`,
      account: `U${mark}`,
      role: `role-${small}`,
      projectName: `project-${mark}`,
      planNames: [`P-${mark}001`, `P-${mark}002`, `P-${mark}003`],
      approvalName: `A-${mark}002`,
      runName: `R-${mark}003`,
      node: `node-${mark}`,
    };
    const people = await addPeople(tx, names, canary);
    const work = await addWork(tx, names, canary, mark);
    return { org, slug, canary, ...names, ...people, ...work };
  });
}

type Names = Pick<
  FilledOrg,
  "email" | "account" | "role" | "projectName" | "planNames" | "approvalName" | "runName" | "node"
>;

async function addPeople(tx: OrgTransaction, names: Names, canary: string) {
  const somebody = user(names.email, { name: canary });
  await tx.users.insert(somebody);
  const { id } = somebody;
  const address = { platform: "slack", workspace: "T1", account: names.account };
  await tx.chatAccounts.put({ ...address, userId: id, method: canary, linkedAt: NOW });
  const stamps = { createdAt: NOW, updatedAt: NOW };
  await tx.roles.insert({
    ...{ id: newId("rol"), key: names.role, name: canary, permissions: ["nodes.read"] },
    ...{ createdBy: "local", ...stamps },
  });
  const project = newId("prj");
  await tx.projects.insert({ id: project, name: names.projectName, status: "active", ...stamps });
  const grant = newId("grt");
  await tx.grants.insert({
    ...{ id: grant, principalKind: "user", principal: id, role: "super_admin", scope: "org" },
    ...{ expiresAt: null, source: "manual", createdBy: canary, createdAt: NOW },
  });
  const value = { language: "es", canary };
  await tx.documents.put({ scope: id, key: "preferences", value, by: id, at: NOW });
  return { user: id, project, grant };
}

async function addWork(tx: OrgTransaction, names: Names, canary: string, mark: string) {
  const by = canary;
  const node = { node: names.node, reason: canary, by, since: NOW };
  await setMaintenance(tx, "lab", { nodes: [node], after: 0, by, at: NOW });
  const pools = { [canary]: { pin: [canary] } };
  await putSection(tx, "balancing", { value: { pools }, note: canary, by, at: NOW, after: 0 });
  const plans = names.planNames.map((name) => planOf(tx, name, canary));
  for (const one of plans) await tx.plans.insert(one);
  const [, asked, done] = plans;
  if (asked === undefined || done === undefined) throw new Error("there are to be three plans");
  const approval = approvalOf(asked, names.approvalName, canary);
  await tx.approvals.insert(approval);
  const run = newId("run");
  await tx.runs.insert({
    ...{ id: run, shortId: names.runName, action: "rebalance.apply", input: { canary } },
    ...{ planId: done.id, approvalId: null, connection: "lab", cluster: canary },
    ...{ state: "succeeded", progress: { canary }, result: { moves: [] }, error: null },
    ...{ requestedBy: canary, via: "sdk", cancelAskedAt: null, cancelAskedBy: null },
    ...{ createdAt: NOW, startedAt: NOW, endedAt: NOW },
  });
  await tx.runSteps.begin(run, 0, 1, { intent: { canary }, at: NOW });
  const happened = event("filled", {
    summary: canary,
    subject: run,
    dedupeKey: mark,
    data: { connection: "lab" },
  });
  await tx.events.insert(happened);
  await tx.audit.append({ id: newId("aud"), at: NOW, body: JSON.stringify({ action: canary }) });
  return {
    plans: plans.map(({ id }) => id),
    approval: approval.id,
    hash: approval.approval.hash,
    run,
    event: happened.id,
  };
}

function planOf({ org }: OrgTransaction, shortId: string, canary: string): StoredPlan {
  const content = { cluster: canary, moves: [] };
  const binding = { cluster: canary, moves: [{ shortId }] };
  const about = { action: "rebalance.apply", connection: "lab", cluster: canary };
  const hash = planHash({ org, ...about, binding });
  return planRow(shortId, { ...about, content, hash, requestedBy: canary });
}

function approvalOf({ id, hash }: StoredPlan, shortId: string, canary: string): StoredApproval {
  const draft = draftApproval({ hash, risk: 2, plannedAt: NOW, editors: [canary] });
  const by = {
    id: canary,
    name: canary,
    identity: "linked",
    isPermitted: true,
    rank: "member",
  } as const;
  // It stays open for as long as the trials take by their own clock.
  const policy = { ...DEFAULT_POLICY, openMs: 365 * 24 * 60 * 60 * 1000 };
  const facts = { now: NOW, policy, isFrozen: false, people: [] };
  const asked = transition(draft, { kind: "request", by, reason: canary }, facts);
  if (!asked.ok) throw new Error(asked.refusal.sentence);
  return {
    id: newId("apr"),
    shortId,
    planId: id,
    via: "sdk",
    createdAt: NOW,
    approval: asked.next,
  };
}
