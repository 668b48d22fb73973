import type { Id } from "../ids.ts";
import type { PlanState, RunState } from "../store/index.ts";

/** Options that every call of an action takes. */
export interface ActionCallOptions {
  /** Stops waiting and starts nothing more; what is handed over already goes on. */
  readonly signal?: AbortSignal | undefined;
  /** The same key a second time, within a day, gives the first answer and does nothing more. Default: none. */
  readonly requestKey?: string | undefined;
}

/** A plan in the store. */
export interface PlanView<Content = unknown> {
  readonly id: Id<"pln">;
  /** What people say, for example `P-7F3K`. */
  readonly shortId: string;
  /** The action that carries it out, for example `rebalance.apply`. */
  readonly action: string;
  readonly connection: string;
  readonly cluster: string;
  readonly content: Content;
  /** SHA-256 of all that is approved with it, hexadecimal. */
  readonly hash: string;
  readonly state: PlanState;
  /** 0 to 4: how much can go wrong with it. */
  readonly risk: number;
  /** Who made it: the id of a person, or the name of another actor. */
  readonly requestedBy: string;
  readonly createdAt: Date;
  /** From then on it cannot be applied. */
  readonly expiresAt: Date;
}

/** A run, as it stands. */
export interface RunView {
  readonly id: Id<"run">;
  /** What people say, for example `R-11CD`. */
  readonly shortId: string;
  readonly action: string;
  readonly plan: Id<"pln">;
  readonly connection: string;
  readonly cluster: string;
  readonly state: RunState;
  /** How it goes, as the action tells it. */
  readonly progress: unknown;
  readonly result: unknown;
  readonly error: { readonly code: string; readonly message: string } | undefined;
  readonly requestedBy: string;
  readonly cancelAskedBy: string | undefined;
  readonly createdAt: Date;
  readonly startedAt: Date | undefined;
  readonly endedAt: Date | undefined;
}

/** A run in a list: without what it tells and leaves, of which `runs.get` shows all. */
export type RunSummary = Omit<RunView, "progress" | "result">;

/** What becomes of a piece of work: it waits for people, or it is on its way. */
export type RunAnswer = {
  readonly plan: PlanView;
  /** What whoever asked should know of it, for example that a grant reaches nothing yet; absent where that is nothing. */
  readonly warning?: string | undefined;
} & (
  | { readonly state: "waiting"; readonly approval: ApprovalView }
  | { readonly state: "started"; readonly run: RunView }
);

/** An approval, as it stands. */
export interface ApprovalView {
  readonly id: Id<"apr">;
  /** What people say, for example `A-92QX`. */
  readonly shortId: string;
  readonly plan: Id<"pln">;
  readonly state: string;
  /** The full hash of the plan, and of `options` where there are any; a vote must name it. */
  readonly hash: string;
  /** How it is to be carried out, where who asks has said so, for example `{ maxParallel: 1 }`. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
  readonly risk: number;
  /** That the class was lower when it was asked for: of which it was, since when, and what makes it higher. */
  readonly risen?: { readonly from: number; readonly at: Date; readonly why: string } | undefined;
  readonly requestedBy: string | undefined;
  readonly reason: string | undefined;
  /** How many must approve in all, and how many of them are Admins and Super Admins. */
  readonly quorum: {
    readonly approvals: number;
    readonly admins: number;
    readonly superAdmins: number;
  };
  readonly votes: readonly {
    readonly person: string;
    readonly decision: "approve" | "deny";
    readonly at: Date;
    readonly reason?: string | undefined;
  }[];
  readonly deadline: Date | undefined;
  /** Whether somebody went past the quorum. */
  readonly isBreakGlass: boolean;
}
