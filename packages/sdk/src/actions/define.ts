import type { ErrorCode } from "@kappa4/connectors";
import type { z } from "zod";
import type { RiskFacts } from "../approvals/index.ts";
import type { Permission } from "../permissions/index.ts";
import type { OrgTransaction } from "../store/index.ts";
import type { ChangeContext, LookContext, ReadContext, RunContext } from "./context.ts";
import type { QuotaKey } from "./quota.ts";

/**
 * What a permission must reach: the whole platform, the caller's organisation, one connection of it, named or by a
 * plan, run or approval on it; or, for what Kappa4 keeps itself, anything there. Such an answer is as wide as the
 * permission, see `reached` of the context, and a connection that it names need no longer be configured.
 */
export type ActionScope =
  | { readonly kind: "platform" }
  | { readonly kind: "org" }
  | { readonly kind: "connection"; readonly connection: string | undefined }
  | { readonly kind: "reachable"; readonly connection: string | undefined }
  | { readonly kind: "plan" | "run" | "approval"; readonly name: string };

/** What the audit record keeps of a call. Never a secret: the record is for good. */
export interface AuditFacts {
  /** What the call is about, for example `connection:gold`, `plan:P-7F3K`. */
  readonly targets: readonly string[];
  /** Why it is asked for, in the words of who asks. */
  readonly reason?: string | undefined;
  /** Further facts, as plain data. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

interface ActionBase<Input> {
  /** `noun.verb`: the path in `kappa4`, and the name in the audit record. */
  readonly name: `${string}.${string}`;
  /** One sentence for help, the reference and whoever reads an audit record. */
  readonly description: string;
  /** Checks what a caller gives; fills in defaults. */
  readonly input: z.ZodType<Input>;
  /** Roles that hold it only for their own may do it to the plan, run or approval that they themselves asked for. */
  readonly permission: Permission;
  /** Another permission that is enough where the input says so, as in a named incident. Default: none. */
  readonly also?:
    | {
        readonly permission: Permission;
        /** Tells whether it is enough for this input. */
        when(input: Input): boolean;
        /** Says how, to who holds it and is refused: a sentence. */
        readonly hint: string;
      }
    | undefined;
  /** Another permission that it takes as well where the input says so, as of who votes on it. Default: none. */
  readonly further?:
    | {
        readonly permission: Permission;
        /** Tells whether this input takes it. */
        when(input: Input): boolean;
      }
    | undefined;
  /** What is judged besides the permission, where the thing itself says that, in a few words for references. */
  readonly judgedBesides?: string | undefined;
  /** What of it an organisation may have only so many of, counted in the transaction of the effect. Default: nothing. */
  readonly quota?: QuotaKey | undefined;
  /** What the permission must reach. */
  scope(input: Input): ActionScope;
  /** Says what the record keeps. */
  audit(input: Input): AuditFacts;
}

/** Answers, and changes nothing. */
export interface ReadAction<Input, Output> extends ActionBase<Input> {
  readonly kind: "read";
  readonly risk: 0;
  /** Also puts reads that went well on record: what gives secrets or bulk data away. Default false. */
  readonly isRecorded?: boolean | undefined;
  /** Answers. */
  run(context: LookContext, input: Input): Promise<Output>;
}

/** A piece of work on an outside system. */
export interface Work<Content> {
  readonly connection: string;
  /**
   * The cluster by its own name, which whoever carries the work out compares with what the connection leads to: at every
   * start, whenever it goes on, and each time the cluster is read. Only one run at a time may change it.
   */
  readonly cluster: string;
  /** What would be done, as plain data. */
  readonly content: Content;
}

/** What a plan action has worked out; the pipeline stores it and gives it an id, a hash and an expiry. */
export interface PlannedWork<Content> extends Work<Content> {
  /** What is approved with it, and nothing else: what would be done to what. */
  readonly binding: unknown;
}

/** Works something out and stores it; changes nothing outside. */
export interface PlanAction<Input, Content> extends ActionBase<Input> {
  readonly kind: "plan";
  /** The action that carries such a plan out. */
  readonly appliedBy: string;
  /** Says how much can go wrong with what it plans. */
  risk(content: Content): RiskFacts;
  /** Works the plan out; nothing outside is changed. */
  run(context: ReadContext, input: Input): Promise<PlannedWork<Content>>;
}

/** Changes Kappa4's own records in one transaction; what needs a second person is a run. */
export interface ChangeAction<Input, Output, Found = void> extends ActionBase<Input> {
  readonly kind: "change";
  readonly risk: 0 | 1;
  /** Only takes back or holds up what others want: allowed in a suspended organisation too. Default false. */
  readonly isBrake?: boolean | undefined;
  /** Looks at what is outside before the transaction opens; throws what speaks against the change. Default: nothing is looked at. */
  check?(context: ReadContext, input: Input): Promise<Found>;
  /** Makes the change, in the transaction that it shares with its audit entry; `found` is what `check` has found. */
  run(context: ChangeContext, input: Input, found: Found): Promise<Output>;
  /** Called once the change is made and kept, for what of it is in this process alone. Default: nothing is. */
  after?(found: Found): void;
}

/** The outside system as it is found when a stored plan is asked for, or voted on: more can go wrong with it by then. */
export interface FoundToday<Content> {
  readonly at: Date;
  /** Says how much can go wrong, while other work is on its way that the look did not see. */
  risk(content: Content, underWay: readonly Content[]): RiskFacts;
}

/** What a piece of work would do, in words for those who are asked. Never a secret. */
export interface WorkDescription {
  /** One short sentence that names what it is done to. */
  readonly sentence: string;
  /** What whoever approves has to look at, by name. */
  readonly facts: readonly { readonly name: string; readonly value: string }[];
}

/** What a run is to carry out: a plan that is stored already, or one that is made of the call itself. */
export type RunOrder<Content> =
  | { readonly plan: string }
  | (Work<Content> & { readonly plan?: undefined });

/** How a run ended, and what came of it as plain data. */
export interface RunEnd {
  /** `stale`: the world was not as the plan found it; what had been done by then stands in the result. */
  readonly state: "succeeded" | "partly_failed" | "failed" | "cancelled" | "stale";
  readonly result: unknown;
  /** Why it did not succeed, in one sentence that ends with what to do next. */
  readonly error?: { readonly code: ErrorCode; readonly message: string } | undefined;
}

/** How and why a run ends that does not succeed. */
export interface FailedEnd extends Pick<RunEnd, "state"> {
  readonly error: NonNullable<RunEnd["error"]>;
}

/** The last thing of a run, in the transaction that writes down how it ended: neither is without the other. */
export interface Conclusion {
  /** Changes Kappa4's own records; what it throws ends the run as failed, and changes nothing. */
  conclude(tx: OrgTransaction): Promise<RunEnd>;
}

/** Changes an outside system, or what governs Kappa4 itself: approved by its risk, durable, resumable, cancellable. */
export interface RunAction<Input, Content> extends ActionBase<Input> {
  readonly kind: "run";
  /** Goes ahead while changes are frozen, as lifting the freeze must. Default false. */
  readonly isAllowedFrozen?: boolean | undefined;
  /**
   * A newer plan for the same cluster takes the place of older ones that have not started: each says how the whole is
   * to be. Default false: every request is a matter of its own.
   */
  readonly replacesOlder?: boolean | undefined;
  /** Says whether a stored plan has nothing to do, so that it cannot be asked for. Default: each has. */
  isIdle?(content: Content): boolean;
  /** Says what is to be carried out, before anybody is asked. */
  order(context: ReadContext, input: Input): Promise<RunOrder<Content>>;
  /**
   * Looks at what is outside for what can go wrong with a stored plan by now: before people are asked, and at each of
   * their votes. Undefined where that could change nothing. Default: the plan alone says it.
   */
  look?(context: ReadContext, plan: string): Promise<FoundToday<Content> | undefined>;
  /** Says why somebody wants it, for those who are asked. */
  reason(input: Input): string | undefined;
  /** Says what would be done, for those who are asked: nobody approves what they have not been shown. */
  describe(content: Content, on: Pick<Work<Content>, "connection">): WorkDescription;
  /**
   * Names the people from whom it takes something, by id: they neither decide on it nor count towards how many must.
   * Default: nobody.
   */
  concerns?(content: Content): readonly string[];
  /** Says what of its content is approved, and nothing else. */
  binding(content: Content): unknown;
  /**
   * Says what of the input, besides the content, changes what is done: those who approve are shown it, and the hash
   * holds it. Default: nothing.
   */
  options?(input: Input): Readonly<Record<string, unknown>>;
  /** Says what whoever asks should know of it, although nothing speaks against it. Default: nothing. */
  warning?(content: Content): string | undefined;
  /** Says how much can go wrong with it; the risk class follows from that. */
  risk(content: Content): RiskFacts;
  /** Carries it out. Is called again after a crash: what was done stands in `context.ledger`. */
  execute(context: RunContext, content: Content, input: Input): Promise<RunEnd | Conclusion>;
  /**
   * Says what stands of a run that ends like this as its cluster is out of reach: by its steps alone, of which those whose
   * end nobody has seen are `unknown`. Default: it ends like this, without a result.
   */
  left?(
    context: Pick<RunContext, "ledger" | "clock">,
    content: Content,
    end: FailedEnd,
  ): Promise<RunEnd>;
}

/** Anything Kappa4 can do. */
export type Action =
  | ReadAction<unknown, unknown>
  | PlanAction<unknown, unknown>
  | ChangeAction<unknown, unknown, unknown>
  | RunAction<unknown, unknown>;

/**
 * Declares something that Kappa4 can do; everything else is derived from the declaration: the function in `kappa4`,
 * the permission check, approval, audit, the page in the reference.
 *
 * @example
 * export const freeze = defineAction({
 *   name: "service.stop", kind: "change", risk: 1, permission: "service.write",
 *   description: "Stops new runs from starting.", input: reasonInput,
 *   scope: () => ({ kind: "org" }), audit: ({ reason }) => ({ targets: ["service"], reason }),
 *   run: (context, { reason }) => setFreeze(context, reason),
 * });
 */
export function defineAction<Input, Output>(
  action: ReadAction<Input, Output>,
): ReadAction<Input, Output>;
export function defineAction<Input, Content>(
  action: PlanAction<Input, Content>,
): PlanAction<Input, Content>;
export function defineAction<Input, Output, Found = void>(
  action: ChangeAction<Input, Output, Found>,
): ChangeAction<Input, Output, Found>;
export function defineAction<Input, Content>(
  action: RunAction<Input, Content>,
): RunAction<Input, Content>;
export function defineAction(action: unknown): unknown {
  return action;
}
