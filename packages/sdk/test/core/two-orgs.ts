import { Kappa4Error } from "@kappa4/connectors";
import { sql } from "kysely";
import type { Caller } from "../../src/actions/actor.ts";
import type { Systems } from "../../src/actions/context.ts";
import type { Action } from "../../src/actions/define.ts";
import { systemClock } from "../../src/clock.ts";
import { Core } from "../../src/core.ts";
import { EngineThread } from "../../src/engine-thread.ts";
import { type Id, newId, toUuid } from "../../src/ids.ts";
import { LogRing } from "../../src/logs/ring.ts";
import { type BuiltInRole, ROLE_TITLES } from "../../src/permissions/index.ts";
import { actionsByName } from "../../src/register.ts";
import { openStore } from "../../src/store/index.ts";
import { closedStore } from "../store/support/fresh-store.ts";
import { event, NOW, plan, run, seedOrg, user } from "../store/support/rows.ts";
import { type FilledOrg, fillOrg } from "./filled-org.ts";

/** What came of a call: an answer as text, or an error. */
export type Outcome =
  | { readonly answer: string; readonly error?: undefined }
  | { readonly answer?: undefined; readonly error: Kappa4Error };

/**
 * Somebody by the role that they hold; `every`: all of them, in the organisation; `on_lab`, `elsewhere`: all of them on the
 * connection that everything is on, or on another one.
 */
export type Holder = BuiltInRole | "every" | "on_lab" | "elsewhere";

/** Two organisations in one store, with everything in both, and people of the first. */
export interface TwoOrgs extends AsyncDisposable {
  readonly own: FilledOrg;
  readonly other: FilledOrg;
  /** People of the first organisation, by what they hold in it. */
  readonly people: ReadonlyMap<Holder, Id<"usr">>;
  /** Carries out one call through the pipeline, and reads what it answers to its end. */
  call(caller: Caller, action: Action, input: unknown): Promise<Outcome>;
  /** Every row of an organisation, by table. */
  rows(org: Id<"org">): Promise<Readonly<Record<string, string>>>;
}

/** Opens two organisations, in a database of a server if one is named. */
export async function openTwoOrgs(server?: string): Promise<TwoOrgs> {
  const made = await closedStore(server);
  const seeding = await openStore(made.options);
  // The other one first: what would leak comes before one's own.
  const other = await fillOrg(seeding, await seedOrg(seeding, "other"), "other", "B");
  const own = await fillOrg(seeding, seeding.defaultOrg, "default", "A");
  const people = await addPeople(seeding, own.org);
  await seeding.close();
  // Each call comes a minute after the one before it: nobody is told to wait.
  let now = NOW.getTime();
  const clock = { ...systemClock, now: () => now };
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const logs = new LogRing(clock, silent);
  const config = { connections: {}, balancing: {}, apply: {}, store: {} };
  const engine = new EngineThread();
  const core = new Core({
    ...{ clock, logger: logs.logger, systems: unreachable, engine, policy: undefined },
    ...{ self: { startedAt: NOW, config, logs }, store: made.options, actions: actionsByName },
  });
  const store = await core.store();
  return {
    own,
    other,
    people,
    async call(caller, action, input) {
      now += 61_000;
      try {
        const answer = await core.pipeline.call(caller, action, input);
        // What follows the log has something to tell then.
        logs.logger.info({ org: caller.org ?? own.org }, "somebody looks");
        return { answer: await textOf(answer) };
      } catch (error) {
        if (Kappa4Error.is(error)) return { error };
        throw error;
      }
    },
    rows: (org) =>
      store.platform(async ({ db }) => {
        const rows: Record<string, string> = {};
        for (const table of TABLES) {
          // Sealing gives every organisation's entries their places in the chain, whoever asks for what.
          const row = table === "audit" ? sql`(id, at, body)::text` : sql`t::text`;
          const all = await sql`select ${row} as row from ${sql.table(table)} t
            where org_id = ${toUuid(org)}::uuid order by 1`.execute(db);
          rows[table] = JSON.stringify(all.rows);
        }
        return rows;
      }),
    async [Symbol.asyncDispose]() {
      await core.close();
      await engine.close();
      await made.remove();
    },
  };
}

const TABLES = [
  ...["projects", "users", "chat_accounts", "roles", "grants", "documents", "plans", "approvals"],
  ...["runs", "run_steps", "leases", "events", "deliveries", "audit", "requests", "counters"],
];

async function addPeople(
  store: Awaited<ReturnType<typeof openStore>>,
  org: Id<"org">,
): Promise<TwoOrgs["people"]> {
  const people = new Map<Holder, Id<"usr">>();
  await store.inOrg(org, async (tx) => {
    for (const name of [...ROLES, "every", "on_lab", "elsewhere"] as const) {
      const somebody = user(`${name}@example.com`);
      await tx.users.insert(somebody);
      people.set(name, somebody.id);
      for (const role of rolesOf(name)) {
        await tx.grants.insert({
          ...{ id: newId("grt"), principalKind: "user", principal: somebody.id, role },
          ...{
            scope: SCOPES[name] ?? "org",
            expiresAt: null,
            source: "manual",
            createdBy: "local",
          },
          createdAt: NOW,
        });
      }
    }
    // Of a connection that is configured no more: a run that nobody can go on with, and something to be told.
    const there = { connection: "elsewhere", cluster: "elsewhere" };
    const carried = plan("P-E001", { ...there, action: "rebalance.apply", state: "consumed" });
    await tx.plans.insert(carried);
    await tx.runs.insert(run("R-E001", carried, { ...there, state: "running", startedAt: NOW }));
    await tx.events.insert(event("elsewhere", { data: there }));
  });
  return people;
}

const ROLES = Object.keys(ROLE_TITLES) as readonly BuiltInRole[];
const SCOPES: Partial<Record<Holder, string>> = {
  on_lab: "connection:lab",
  elsewhere: "connection:elsewhere",
};

function rolesOf(name: Holder): readonly BuiltInRole[] {
  const own = ROLES.filter((role) => role === name);
  return own.length > 0 ? own : ROLES;
}

/** One connection, behind which nobody answers: what is tried is who may ask. */
const unreachable: Systems = {
  names: ["lab"],
  applying: {},
  nameOf: (connection = "lab") => (connection === "lab" ? connection : nobodyThere()),
  balancing: () => ({}),
  get: async () => nobodyThere(),
  cluster: async () => nobodyThere(),
};

function nobodyThere(): never {
  throw new Kappa4Error("network", "Nobody answers.");
}

/** An answer as text; of what goes on for ever, as much as one organisation has. */
async function textOf(answer: unknown): Promise<string> {
  const isStream = typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer;
  if (!isStream) return JSON.stringify(answer) ?? "";
  const parts: unknown[] = [];
  for await (const part of answer as AsyncIterable<unknown>) {
    parts.push(part);
    if (typeof part !== "string") break;
  }
  return JSON.stringify(parts);
}
