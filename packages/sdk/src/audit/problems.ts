import type { AuditProblem } from "./report.ts";

const KEPT = 100;

/** Collects what is wrong: counts everything, keeps the beginning. */
export class Problems {
  readonly kept: AuditProblem[] = [];
  count = 0;

  /** Notes a problem at a place. */
  add(kind: AuditProblem["kind"], seq: number, message: string): void {
    this.count += 1;
    if (this.kept.length < KEPT) this.kept.push({ seq, kind, message });
  }
}
