import { Kappa4Error } from "@kappa4/connectors";
import type { Ledger, Step } from "../../src/runs/ledger.ts";

/** A ledger in memory, which can be as it was left by a process that died. */
export class MemoryLedger implements Ledger {
  readonly written = new Map<number, Step>();
  isLost = false;
  /** Somebody has asked to stop. */
  isStopped = false;
  readonly lost: AbortSignal = new AbortController().signal;

  async steps(): Promise<readonly Step[]> {
    return [...this.written.values()];
  }

  async isCancelled(): Promise<boolean> {
    return this.isStopped;
  }

  async intend(step: number, intent: unknown): Promise<void> {
    if (this.isStopped) {
      if (this.written.has(step)) this.leave(step, { state: "skipped" });
      throw new Kappa4Error("conflict", "The run was stopped.");
    }
    this.leave(step, { state: "intent", intent });
  }

  hold(): void {
    if (this.isLost) throw new Kappa4Error("conflict", "Another process has this run.");
  }

  async observe(step: number, operation: string): Promise<void> {
    this.leave(step, { state: "observed", operation });
  }

  async settle(step: number, state: Step["state"], result?: unknown): Promise<void> {
    this.leave(step, { state, result, endedAt: new Date(0) });
  }

  leave(step: number, change: Partial<Step>): void {
    const fresh: Step = {
      step,
      state: "intent",
      intent: {},
      operation: undefined,
      result: undefined,
      startedAt: new Date(0),
      endedAt: undefined,
    };
    this.written.set(step, { ...(this.written.get(step) ?? fresh), ...change });
  }
}
