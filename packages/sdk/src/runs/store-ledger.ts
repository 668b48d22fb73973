import { type Clock, Kappa4Error } from "@kappa4/connectors";
import { closedOrg } from "../actions/closed-org.ts";
import type { Id } from "../ids.ts";
import type { OrgTransaction, Store } from "../store/index.ts";
import { type OperationTrace, publish } from "../telemetry/channels.ts";
import type { Halt } from "./begin-run.ts";
import { type HeldLease, lostTo } from "./held-lease.ts";
import type { Ledger } from "./ledger.ts";

/** What a ledger stands on. */
export interface StoreLedgerInput {
  readonly store: Store;
  readonly clock: Clock;
  readonly org: Id<"org">;
  readonly run: Id<"run">;
  readonly connection: string;
  readonly cluster: string;
  readonly lease: HeldLease;
  /** Why nothing more is to be begun. Default: nothing speaks against it. */
  readonly halt?: Halt | undefined;
  /** Raised when this process is to end: what it has not begun is left to another one. Default: never. */
  readonly closing?: AbortSignal | undefined;
}

/** The ledger of a run in the store. */
export function storeLedger(input: StoreLedgerInput): Ledger {
  const { store, clock, org, run, connection, cluster, lease } = input;
  const { fence } = lease;
  const intendedAt = new Map<number, number>();

  function tell(
    step: number,
    phase: OperationTrace["phase"],
    state?: OperationTrace["state"],
  ): void {
    const since = intendedAt.get(step);
    const durationMs = since === undefined ? undefined : clock.now() - since;
    const where = { org, run, connection, cluster };
    publish("kappa4:operation", { phase, ...where, step, state, durationMs });
  }

  /** Writes under the lease: it is looked at in the same transaction, by the database's own clock. */
  async function write(work: (tx: OrgTransaction, at: Date) => Promise<boolean>): Promise<void> {
    const isWritten = await lease.write(() =>
      store.inOrg(org, async (tx) => {
        const isHeld = await tx.leases.hold(cluster, fence);
        return isHeld && (await work(tx, new Date(clock.now())));
      }),
    );
    if (!isWritten) throw lostTo(cluster);
  }

  function read<Result>(work: (tx: OrgTransaction) => Promise<Result>): Promise<Result> {
    return lease.write(() => store.inOrg(org, work));
  }

  async function isStopped(tx: OrgTransaction): Promise<boolean> {
    return (await tx.runs.find(run))?.cancelAskedAt != null;
  }

  /** Why nothing more is to be begun, at the moment at which it would be written down. */
  async function refusal(
    tx: OrgTransaction,
  ): Promise<Pick<Kappa4Error, "code" | "message"> | undefined> {
    if (await isStopped(tx)) return STOPPED;
    return input.halt?.error ?? (await closedOrg(tx))?.error;
  }

  return {
    lost: lease.lost,
    async steps() {
      const steps = await read((tx) => tx.runSteps.list(run));
      return steps.map(({ step, state, intent, operation, result, intentAt, endedAt }) => ({
        step,
        state,
        intent,
        operation: operation ?? undefined,
        result,
        startedAt: intentAt,
        endedAt: endedAt ?? undefined,
      }));
    },
    isCancelled: () => read(isStopped),
    async intend(step, intent) {
      let refused: Kappa4Error | undefined;
      await write(async (tx, at) => {
        const why = await refusal(tx);
        refused = why && new Kappa4Error(why.code, why.message, { retryable: false });
        if (refused === undefined) {
          if (input.closing?.aborted) throw new Kappa4Error("conflict", CLOSING);
          return tx.runSteps.begin(run, step, fence, { intent, at });
        }
        // What an earlier process left was not done, and is not to be done any more.
        const { code, message, outcome } = refused;
        const result = { code, message, outcome };
        await tx.runSteps.write(run, step, fence, { state: "skipped", result, at });
        return true;
      });
      if (refused !== undefined) throw refused;
      intendedAt.set(step, clock.now());
    },
    hold: () => lease.hold(),
    async observe(step, operation) {
      await write((tx, at) =>
        tx.runSteps.write(run, step, fence, { state: "observed", operation, at }),
      );
      tell(step, "accepted");
    },
    async settle(step, state, result) {
      await write((tx, at) => tx.runSteps.write(run, step, fence, { state, result, at }));
      tell(step, "ended", state);
    },
  };
}

const CLOSING = "This process is to end: what it has not begun is left to another one.";

const STOPPED = {
  code: "conflict",
  message: "Somebody stopped the run: nothing more of it is begun.",
} as const;
