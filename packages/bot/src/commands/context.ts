import type { ApplyResult, ApplyRun, Clock, Kappa4, MoveStatus } from "@kappa4/sdk";
import type { RebalancePlan } from "@kappa4/sdk/balancing";
import type { PersonInline, View } from "../view/model.ts";

/** What a command has to work with. */
export interface CommandContext {
  readonly kappa4: Kappa4;
  readonly clock: Clock;
  /** Who asks, by the id the surface knows. */
  readonly person: string;
  /** Whether that person may change things. */
  readonly isOperator: boolean;
  /** Where the answer goes: the id of a channel. */
  readonly place: string;
  readonly plans: PlanBook;
  readonly runs: RunBook;
  /** Stores a call of a verb behind a token that a button can carry. */
  issue(call: StoredCall): string;
}

/** A call of a verb that a button stands for. */
export interface StoredCall {
  readonly command: string;
  readonly verb: string;
  /** Values by argument name, as if they had been typed. */
  readonly input: Readonly<Record<string, string>>;
  readonly expiresAt: Date;
}

/** What a command wants shown, and to whom. */
export type Reply =
  /** Seen by nobody but the person who asked. */
  | { readonly to: "person"; readonly view: View }
  /** One message per subject: the first reply posts it, those that follow change it in place. */
  | { readonly to: "channel"; readonly subject: string; readonly view: View }
  /** A new message below that of the subject, so that people notice. */
  | { readonly to: "thread"; readonly subject: string; readonly view: View };

/** Where a stored plan stands. Only a `ready` plan can be applied, and only once. */
export type PlanState =
  | { readonly kind: "ready" }
  | { readonly kind: "applied"; readonly by: string; readonly at: Date; readonly run: string }
  | { readonly kind: "discarded"; readonly by: string; readonly at: Date }
  | { readonly kind: "replaced"; readonly by: string; readonly at: Date }
  | { readonly kind: "expired"; readonly at: Date };

/** A plan that people can refer to. */
export interface PlanRecord {
  /** Short id people can say, for example `P-7F3K`. */
  readonly id: string;
  readonly connection: string;
  readonly plan: RebalancePlan;
  /** SHA-256 of the plan, hexadecimal. */
  readonly hash: string;
  /** What was typed for it, so that it can be made again. */
  readonly input: Readonly<Record<string, string>>;
  readonly by: string;
  readonly place: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly state: PlanState;
}

/** What a plan record is made from. */
export type NewPlan = Pick<PlanRecord, "connection" | "plan" | "input" | "by" | "place">;

/** The plans that can still be talked about. */
export interface PlanBook {
  /** Keeps a plan and gives it an id and an expiry. */
  save(plan: NewPlan): Promise<PlanRecord>;
  /** Returns the plan of an id; undefined when there is none any more. */
  find(id: string): Promise<PlanRecord | undefined>;
  /** The newest first. */
  list(): Promise<readonly PlanRecord[]>;
  /** Leaves `ready` for another state, if the plan is still ready; of two callers at once exactly one succeeds. */
  settle(
    id: string,
    state: Exclude<PlanState, { kind: "ready" }>,
  ): Promise<{ readonly settled: boolean; readonly record: PlanRecord | undefined }>;
  /** Makes an applied plan ready again whose run could not begin. */
  reopen(id: string, run: string): Promise<void>;
}

/** Who stopped a run: a person, or Kappa4 itself as it was being shut down. */
export type Stopper = PersonInline | "shutdown";

/** A run that is going on or has ended. */
export interface RunRecord {
  /** Short id people can say, for example `R-11CD`. */
  readonly id: string;
  readonly planId: string;
  readonly cluster: string;
  readonly connection: string;
  readonly by: string;
  readonly startedAt: Date;
  readonly moves: readonly MoveStatus[];
  readonly stoppedBy?: Stopper | undefined;
  readonly result?: ApplyResult | undefined;
}

/** The runs: at most one at a time per connection. */
export interface RunBook {
  /** Claims the connection and starts the run; `holder` is who has the connection already. */
  start(
    id: string,
    plan: PlanRecord,
    by: string,
    apply: () => Promise<ApplyRun>,
  ): Promise<{ readonly run: ApplyRun } | { readonly holder: RunRecord }>;
  /** Returns an id that no run has yet. */
  newId(): string;
  /** Returns the run of an id; undefined when there is none. */
  find(id: string): RunRecord | undefined;
  /** The newest first. */
  list(): readonly RunRecord[];
  /** Starts nothing more of a run; false when it has ended already. */
  stop(id: string, by: Stopper): boolean;
}
