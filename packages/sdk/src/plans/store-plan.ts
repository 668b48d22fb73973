import type { Clock } from "@kappa4/connectors";
import { actorName, answerableName, type Caller } from "../actions/actor.ts";
import { newId } from "../ids.ts";
import type { OrgTransaction, StoredPlan } from "../store/index.ts";
import { planHash, SCHEMA_VERSION } from "./plan-hash.ts";
import { shortId } from "./short-id.ts";

/** A plan on its way into the store. */
export interface NewPlan {
  readonly caller: Caller;
  /** The action that carries it out. */
  readonly action: string;
  readonly input: unknown;
  readonly connection: string;
  readonly cluster: string;
  readonly content: unknown;
  readonly binding: unknown;
  readonly risk: number;
  /** How long it can be applied. */
  readonly validMs: number;
}

/** What else is known of a plan. */
export interface PlanFacts {
  /** Who answers for it: of a schedule the person who last edited it. */
  readonly answers?: string | undefined;
  /** What its hash means, see `SCHEMA_VERSION`. Plans of before that was kept lack it. */
  readonly hashVersion?: number | undefined;
}

/** Names those who have had a hand in a plan: none of them may approve it. */
export function editorsOf({ requestedBy, facts }: StoredPlan): readonly string[] {
  const { answers = requestedBy } = facts as PlanFacts;
  return [...new Set([requestedBy, answers])];
}

/** Stores a plan. */
export async function storePlan(
  tx: OrgTransaction,
  clock: Clock,
  plan: NewPlan,
): Promise<StoredPlan> {
  const { caller, action, input, connection, cluster, content, binding, risk, validMs } = plan;
  const now = clock.now();
  const stored: StoredPlan = {
    id: newId("pln", now),
    shortId: await shortId("P", async (id) => (await tx.plans.findByShortId(id)) !== undefined),
    action,
    connection,
    cluster,
    input,
    content,
    hash: planHash({ org: tx.org, action, connection, cluster, binding }),
    facts: {
      answers: answerableName(caller.actor),
      hashVersion: SCHEMA_VERSION,
    } satisfies PlanFacts,
    risk,
    state: "draft",
    requestedBy: actorName(caller.actor),
    via: caller.via,
    createdAt: new Date(now),
    expiresAt: new Date(now + validMs),
  };
  await tx.plans.insert(stored);
  return stored;
}
