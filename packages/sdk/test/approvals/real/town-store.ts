import { freezeOf } from "../../../src/approving/freeze.ts";
import { systemClock } from "../../../src/clock.ts";
import { fromUuid, parseId, toUuid } from "../../../src/ids.ts";
import type { OrgTransaction, Store, StoredRun } from "../../../src/store/index.ts";

/** What the store says of a plan that somebody asked for. */
export interface PlanSeen {
  readonly plan: string;
  /** Of its approval, for example `expired`. */
  readonly state: string;
  readonly risk: number;
  readonly run?:
    | {
        readonly id: string;
        readonly state: string;
        /** Undefined as long as it has not begun. */
        readonly startedAt: number | undefined;
        readonly endedAt: number | undefined;
        readonly code: string | undefined;
      }
    | undefined;
}

/** What the store says at one instant. */
export interface TownSeen {
  readonly isFrozen: boolean;
  readonly plans: readonly PlanSeen[];
}

const LOOK_MS = 4;
const LONGEST_LOOK_MS = 20;
const TICK_MS = 200;
const PATIENCE_MS = 60_000;

/** Reads whether changes are frozen, and what has become of some plans or of all. */
export async function lookInto(
  store: Store,
  plans: readonly string[] | undefined,
): Promise<TownSeen> {
  return store.inOrg(store.defaultOrg, async (tx) => ({
    isFrozen: (await freezeOf(tx)) !== undefined,
    plans: plans?.length === 0 ? [] : await plansIn(tx, plans),
  }));
}

async function plansIn(
  { db }: OrgTransaction,
  plans: readonly string[] | undefined,
): Promise<readonly PlanSeen[]> {
  const all = db
    .selectFrom("approvals")
    .leftJoin("runs", (both) =>
      both
        .onRef("runs.orgId", "=", "approvals.orgId")
        .onRef("runs.approvalId", "=", "approvals.id"),
    )
    .select(["approvals.planId", "approvals.state", "approvals.risk"])
    .select(["runs.id as run", "runs.state as runState", "runs.error as error"])
    .select(["runs.startedAt", "runs.endedAt"]);
  const uuids = plans?.map((plan) => toUuid(parseId("pln", plan)));
  const some = uuids === undefined ? all : all.where("approvals.planId", "in", uuids);
  return (await some.execute()).map(({ planId, state, risk, run, runState, ...times }) => ({
    ...{ plan: fromUuid("pln", planId), state, risk },
    run:
      run === null || runState === null
        ? undefined
        : {
            ...{ id: fromUuid("run", run), state: runState },
            ...{ startedAt: times.startedAt?.getTime(), endedAt: times.endedAt?.getTime() },
            code: codeOf(times.error),
          },
  }));
}

/** What it takes to wait until a town is calm. */
export interface Settling {
  now(): number;
  /** Lets a little time pass. */
  tick(): void;
  /** Whether a cluster is at work on a move, which takes its time. */
  isBusy(cluster: string): boolean;
}

/**
 * Waits until nothing is left that could begin or go on now: what runs waits for its cluster. Where somebody only waits
 * for the next second, that comes.
 */
export async function settle(store: Store, { now, tick, isBusy }: Settling): Promise<void> {
  const since = performance.now();
  let ticked = since;
  for (let look = 1; ; look += 1) {
    const open = await store.inOrg(store.defaultOrg, async (tx) => {
      const runs = await tx.runs.list({ states: ["queued", "running"] });
      return Promise.all(
        runs.map(async (run) => ({ run, isEarly: await isEarly(tx, run, now()) })),
      );
    });
    const taken = new Set(
      open.flatMap(({ run, isEarly }) => (isEarly || isBusy(run.cluster) ? [run.cluster] : [])),
    );
    if (open.every(({ run }) => taken.has(run.cluster))) return;
    if (performance.now() - since > PATIENCE_MS) {
      const stuck = open.filter(({ run }) => !taken.has(run.cluster));
      const names = stuck.map(({ run }) => `${run.shortId} of ${run.action} (${run.state})`);
      throw new Error(`nobody goes on with ${names.join(", ")}`);
    }
    if (performance.now() - ticked > TICK_MS) {
      ticked = performance.now();
      tick();
    }
    await systemClock.sleep(Math.min(look * LOOK_MS, LONGEST_LOOK_MS));
  }
}

async function isEarly(tx: OrgTransaction, run: StoredRun, now: number): Promise<boolean> {
  if (run.state !== "queued" || run.approvalId === null) return false;
  const found = await tx.approvals.find(run.approvalId);
  return (found?.approval.clearance?.notBefore.getTime() ?? 0) > now;
}

function codeOf(error: unknown): string | undefined {
  const told = typeof error === "string" ? (JSON.parse(error) as unknown) : error;
  const code: unknown = Object(told).code;
  return code === undefined ? undefined : String(code);
}
