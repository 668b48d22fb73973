import { sampleMove, samplePlan } from "../rebalance/samples.ts";
import type { FilledOrg } from "./filled-org.ts";

const reason = "to see whether it can be done";

/** Inputs of every action that name what belongs to an organisation, by every name that it has. */
export function inputsAbout(of: FilledOrg): Readonly<Record<string, readonly unknown[]>> {
  const { user, email, role, grant, project, projectName, hash, node, slug } = of;
  const plans = [...of.plans, ...of.planNames].map((plan) => ({ plan }));
  const runs = [of.run, of.runName].map((run) => ({ run }));
  const approvals = [of.approval, of.approvalName].map((approval) => ({ approval }));
  const people = [user, email].map((one) => ({ user: one }));
  const orgs = [of.org, slug].map((org) => ({ org, reason }));
  const account = { platform: "slack", workspace: "T1", account: of.account };
  const none = [{}];
  const guest = 100;
  const plan = samplePlan([sampleMove(guest, "a", "b")]);
  const power = [{ guest, reason }];
  const maintenance = [{ node, reason }];
  return {
    "rebalance.plan": [{}, { history: "recorded" }],
    "rebalance.preview": [{}, { history: "recorded" }],
    "rebalance.adopt": [{ plan }],
    "rebalance.apply": plans.map((one) => ({ ...one, reason })),
    "rebalance.status": [{}, { connection: "lab" }],
    "rebalance.history": [{}, { connection: "lab" }, { before: of.run }],
    "rebalance.measure": [{ plan }],
    "rebalance.bestNode": [{ guest }],
    "rebalance.explain": [{ guest }],
    "rebalance.whatIf": [{ changes: [{ kind: "drain", node }] }],
    "rebalance.checkFailover": none,
    "cluster.snapshot": none,
    "cluster.ping": none,
    "cluster.checkAccess": none,
    "nodes.list": none,
    "nodes.get": [{ node }],
    "guests.list": none,
    "guests.get": [{ guest }],
    "rules.list": none,
    "rules.check": none,
    "plans.list": [{}, { connection: "lab" }],
    "plans.get": plans,
    "plans.discard": plans,
    "runs.get": runs,
    "runs.list": [{}, { connection: "lab" }],
    "runs.watch": runs,
    "runs.wait": runs,
    "runs.cancel": runs.flatMap((one) => [
      { ...one, reason },
      { ...one, reason, incident: "INC-1" },
    ]),
    "approvals.list": none,
    "approvals.get": approvals,
    "approvals.approve": approvals.map((one) => ({ ...one, hash })),
    "approvals.deny": approvals.map((one) => ({ ...one, reason })),
    "approvals.withdraw": approvals.map((one) => ({ ...one, reason })),
    "approvals.breakGlass": approvals.map((one) => ({
      ...{ ...one, ticket: "INC-1", hash: hash.slice(0, 8) },
      reason: "nobody else is there and the node is on fire",
    })),
    "approvals.acknowledge": approvals,
    "approvals.attend": none,
    "users.list": none,
    "users.get": people,
    "users.create": [{ email, name: "Somebody else" }],
    "users.setStatus": people.map((one) => ({ ...one, status: "disabled" })),
    "users.reactivate": people.map((one) => ({ ...one, reason })),
    "users.link": people.map((one) => ({ ...one, ...account, account: "U-NEW", reason })),
    "users.unlink": [account],
    "users.resolve": [account],
    "users.recordRefusal": [{ ...account, command: "rebalance apply", reason }],
    "users.bring": [{ people: [] }],
    "grants.list": [{}, ...people],
    "grants.give": people.map((one) => ({ ...one, role: "viewer", reason })),
    "grants.revoke": [{ grant, reason }],
    "roles.list": none,
    "roles.create": [{ key: "own", name: "Own", permissions: ["nodes.read"], reason }],
    "roles.update": [{ key: role, name: "Own", permissions: ["nodes.read"], reason }],
    "roles.delete": [{ key: role, reason }],
    "projects.list": none,
    "projects.create": [{ name: "own" }],
    "projects.delete": [project, projectName].map((one) => ({ project: one, reason })),
    "preferences.get": none,
    "preferences.set": [{ language: "en" }],
    "orgs.get": none,
    "orgs.list": none,
    "orgs.create": [{ name: "Third", slug: "third", reason }],
    "orgs.suspend": orgs,
    "orgs.resume": orgs,
    "orgs.quotas": none,
    "orgs.setQuota": orgs.map((one) => ({ ...one, key: "users.max", limit: 1 })),
    "instances.start": power,
    "instances.stop": power,
    "instances.restart": power,
    "maintenance.list": [{}, { connection: "lab" }],
    "maintenance.enter": maintenance,
    "maintenance.leave": maintenance,
    "migrations.list": [{}, { connection: "lab" }],
    "config.get": none,
    "config.history": [{ section: "balancing" }],
    "config.diff": [{ section: "balancing" }],
    "config.validate": [{ section: "balancing", value: {} }],
    "config.update": [{ section: "balancing", value: {}, note: reason }],
    "config.export": none,
    "config.restore": [{ section: "balancing", revision: 1, note: reason }],
    "events.list": [{}, { before: of.event }, { subject: of.run }],
    "events.count": [{}, { subject: of.run }],
    "events.untold": [{ place: "slack", types: ["run.ended"], from: new Date(0) }],
    "events.claim": [{ events: [of.event], place: "slack" }],
    "events.settle": [{ events: [{ event: of.event, attempt: 1 }], place: "slack", state: "told" }],
    "events.deliveries": [{}, { events: [of.event] }],
    "events.watch": [{ cursor: "start" }],
    "audit.search": none,
    "audit.export": none,
    "audit.verify": none,
    "logs.query": none,
    "logs.follow": none,
    "service.status": none,
    // What stops everything comes last.
    "service.restart": [{ reason }],
    "service.start": [{ reason }],
    "service.stop": [{ reason }],
  };
}
