import type { Clock } from "@kappa4/sdk";
import type { PlanBook, PlanRecord } from "../commands/context.ts";
import { shortId } from "./ids.ts";
import { planHash } from "./plan-hash.ts";

/** Options of {@link createPlanBook}. */
export interface PlanBookOptions {
  readonly clock: Clock;
  readonly createId: () => string;
  /** How long a plan can be applied. Default 30 minutes. */
  readonly validMs?: number | undefined;
  /** Plans remembered at most; the oldest go first. Default 500. */
  readonly most?: number | undefined;
}

/** Makes a plan book in memory. Plans that can no longer be applied stay long enough to answer late clicks. */
export function createPlanBook(options: PlanBookOptions): PlanBook {
  const { clock, createId } = options;
  const validMs = options.validMs ?? 30 * 60 * 1000;
  const most = options.most ?? 500;
  const records = new Map<string, PlanRecord>();

  /** Looks at the clock: a plan expires without anybody doing it. */
  function current(id: string): PlanRecord | undefined {
    const record = records.get(id);
    if (record === undefined || record.state.kind !== "ready") return record;
    if (record.expiresAt.getTime() > clock.now()) return record;
    const expired: PlanRecord = { ...record, state: { kind: "expired", at: record.expiresAt } };
    records.set(id, expired);
    return expired;
  }

  return {
    async save(plan) {
      const id = shortId("P", createId, (candidate) => records.has(candidate));
      const now = clock.now();
      const record: PlanRecord = {
        ...plan,
        id,
        hash: planHash(plan.plan),
        createdAt: new Date(now),
        expiresAt: new Date(now + validMs),
        state: { kind: "ready" },
      };
      records.set(id, record);
      const [oldest] = records.keys();
      if (records.size > most && oldest !== undefined) records.delete(oldest);
      return record;
    },
    async find(id) {
      return current(id);
    },
    async list() {
      return [...records.keys()].reverse().flatMap((id) => current(id) ?? []);
    },
    async settle(id, state) {
      const record = current(id);
      if (record === undefined || record.state.kind !== "ready") return { settled: false, record };
      const settled: PlanRecord = { ...record, state };
      records.set(id, settled);
      return { settled: true, record: settled };
    },
    async reopen(id, run) {
      const record = records.get(id);
      if (record?.state.kind !== "applied" || record.state.run !== run) return;
      records.set(id, { ...record, state: { kind: "ready" } });
    },
  };
}
