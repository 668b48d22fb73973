import { describe, expect, it } from "vitest";
import type { RunAction } from "../../src/actions/define.ts";
import { whyOf } from "../../src/approvals/index.ts";
import { describeWork, whyOfClass } from "../../src/approving/in-words.ts";
import { actionsByName } from "../../src/register.ts";
import { sampleMove, samplePlan } from "../rebalance/samples.ts";

const connection = "gold";
const giver = "usr_giver";
const by = "usr_by";
const org = { id: "org_1", slug: "acme" };
const power = { guest: "102", name: "db-1", mode: null };
const change = {
  section: "approvals",
  value: { quorum: { 2: { approvals: 0 } }, local: "trusted" },
  after: 4,
  changes: [
    { path: "local", after: "trusted" },
    { path: "quorum", after: { 2: { approvals: 0 } } },
    { path: "planValidMs", before: 60_000 },
  ],
  file: { local: "required" },
  ...{ note: "as we said", by },
};
const restored = {
  ...{ ...change, section: "balancing", value: { maxMoves: 0 } },
  changes: [
    { path: "limits", before: { memoryUsed: 0.9 } },
    { path: "maxMoves", after: 0 },
  ],
  file: { limits: { memoryUsed: 0.8 } },
};
const grant = { grant: "grt_1", user: "usr_ana", name: "Ana", role: "admin", scope: "org" };
const expiresAt = "2026-03-02T11:00:00.000Z";

/** What each run action could be to carry out. */
const CONTENTS: Readonly<Record<string, unknown>> = {
  "rebalance.apply": samplePlan([sampleMove(101, "a", "b"), sampleMove(102, "b", "c")]),
  "instances.start": { ...power, verb: "start" },
  "instances.stop": { ...power, verb: "stop", mode: "force" },
  "instances.restart": { ...power, verb: "restart" },
  "config.update": change,
  "config.restore": restored,
  "roles.create": {
    ...{ id: "rol_1", key: "night", name: "Night", giver },
    permissions: ["users.write", "system.write", "config.write"],
  },
  "roles.update": {
    ...{ key: "night", giver },
    before: { name: "Night", permissions: ["users.write", "nodes.read"] },
    after: { name: "Nights", permissions: ["nodes.read", "system.write"] },
  },
  "roles.delete": { id: "rol_1", key: "night" },
  "users.link": {
    ...{ user: "usr_tim", name: "Tim", giver },
    ...{ platform: "slack", workspace: "T1", account: "U666" },
  },
  "users.reactivate": { user: "usr_tim", name: "Tim", asker: giver },
  "grants.give": { ...grant, expiresAt, giver },
  "grants.revoke": grant,
  "orgs.create": { ...org, name: "Acme" },
  "orgs.suspend": { ...org, status: "suspended" },
  "orgs.resume": { ...org, status: "active" },
  "orgs.setQuota": { ...org, key: "users.max", before: 7, limit: 9 },
  "service.start": { since: expiresAt, by, why: "an outage", liftedBy: "usr_sue" },
};

const actions = [...actionsByName.values()].filter((action) => action.kind === "run");

function said(name: string, content: unknown = CONTENTS[name]): string {
  const { sentence, facts } = describeWork(named(name), { content, connection });
  return [sentence, ...facts.map((fact) => `${fact.name}: ${fact.value}`)].join("\n");
}

function named(name: string): RunAction<unknown, unknown> {
  const action = actionsByName.get(name);
  if (action?.kind !== "run") throw new Error(`${name} is no run`);
  return action;
}

/** Texts and numbers of a value, wherever they stand in it. */
function leaves(value: unknown): readonly string[] {
  if (typeof value === "string" || typeof value === "number") return [String(value)];
  return typeof value !== "object" || value === null ? [] : Object.values(value).flatMap(leaves);
}

/** All that is approved; of moves, which guests go from where to where, since the rest is how a plan was made. */
function approved(action: RunAction<unknown, unknown>): unknown {
  const binding = action.binding(CONTENTS[action.name]);
  const { moves } = Object(binding) as { readonly moves?: readonly Record<string, unknown>[] };
  return moves?.map(({ guest, name, from, to }) => ({ guest, name, from, to })) ?? binding;
}

describe("what waits for a yes", () => {
  it.each(actions)("$name is said in words, with all that is approved", (action) => {
    const text = said(action.name);
    expect(text.split("\n")[0]).toMatch(/^[A-Z].+\.$/);
    expect(leaves(approved(action)).filter((leaf) => !text.includes(leaf))).toEqual([]);
  });

  it.each([
    ["instances.stop", "Stops db-1 (102) on gold: pulls the plug by force."],
    ["config.update", "Changes 3 values of the section approvals"],
    ["config.update", "quorum.2.approvals: 1, the usual → 0"],
    ["config.update", "local: required, as in the file → trusted"],
    ["config.update", "planValidMs: 60000 → 1800000, the usual"],
    ["config.restore", "limits.memoryUsed: 0.9 → 0.8, as in the file"],
    ["config.restore", "maxMoves: the usual → 0"],
    ["roles.create", "Makes the role Night (night)."],
    ["roles.create", "May: users.write, system.write, config.write"],
    ["roles.update", "May from then on: system.write\nMay no more: users.write"],
    ["users.link", "Makes the slack account U666 of the workspace T1 Tim's."],
    ["grants.give", "Gives Ana the role admin on org, until 2026-03-02T11:00:00.000Z."],
    ["orgs.setQuota", "users.max: 7 → 9"],
    ["rebalance.apply", "Moves 2 guests of the cluster"],
  ])("%s says: %s", (name, words) => {
    expect(said(name)).toContain(words);
  });

  it("says nothing that looks like a secret", () => {
    const token = "k4_tok_0123456789abcdefABCDEF";
    expect(said("instances.stop", { ...power, verb: "stop", name: token })).not.toContain(token);
  });
});

it("keeps each fact in a line, whatever the names in it are", () => {
  const name = "Night\nMay: nothing";
  const content = { id: "rol_1", key: "night", name, permissions: ["nodes.read"], giver };
  expect(said("roles.create", content).split("\n")).toHaveLength(2);
});

describe("the reason of a class", () => {
  const approval = (name: string, risk: number) => {
    const facts = named(name).risk(CONTENTS[name]);
    return whyOfClass({ risk, votes: [] } as never, facts);
  };

  it.each([
    ["instances.stop", 2, "it starts or stops an instance"],
    ["config.update", 4, "it changes the rules by which approvals go"],
    ["roles.create", 4, "it changes who may do what"],
    ["users.link", 4, "whoever has the account asks and approves as that person"],
    ["service.start", 4, "it lifts a freeze"],
    ["rebalance.apply", 1, "it makes 2 moves"],
  ] as const)("of %s is its own", (name, risk, why) => {
    expect(approval(name, risk)).toBe(why);
  });

  it("names what counts with moves, and what makes them many", () => {
    const moves = { kind: "moves", count: 1, touchesProtected: false, isDrain: false } as const;
    const besides = "moves with those in the cluster within an hour that nobody has voted on";
    expect(whyOf(moves, 9)).toBe(`it makes 1 move, 10 ${besides}`);
    expect(whyOf({ ...moves, count: 2 }, 9)).toBe(`it makes 2 moves, 11 ${besides}, more than 10`);
    const all = { ...moves, touchesProtected: true, isDrain: true };
    expect(whyOf(all, 9)).toBe("it leaves a node empty and moves protected guests");
  });

  it("is the one that it was asked for with, and says so where that was not kept", () => {
    const facts = named("rebalance.apply").risk(CONTENTS["rebalance.apply"]);
    expect(whyOfClass({ risk: 2, why: "as it was" } as never, facts)).toBe("as it was");
    expect(approval("rebalance.apply", 2)).toContain("counted with it");
  });
});
