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
    isCancelled: async () => (await read((tx) => tx.runs.find(run)))?.cancelAskedAt != null,
    async intend(step, intent) {
      if (input.halt !== undefined) {
        const { code, message } = input.halt.error;
        throw new Kappa4Error(code, message);
      }
      await write(async (tx, at) => {
        const closed = await closedOrg(tx);
        if (closed !== undefined) throw closed.error;
        return tx.runSteps.begin(run, step, fence, { intent, at });
      });
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
