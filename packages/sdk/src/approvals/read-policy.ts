import type { ApprovalPolicy, BreakGlassLimits, ProtectedGuests, QuorumRule } from "./policy.ts";
import type { RiskClass } from "./risk.ts";

/** What an organisation says otherwise than its default. */
export interface PolicyOverride
  extends Partial<Omit<ApprovalPolicy, "quorum" | "breakGlass" | "protected">> {
  readonly quorum?: Readonly<Partial<Record<RiskClass, QuorumRule>>> | undefined;
  readonly breakGlass?: Partial<BreakGlassLimits> | undefined;
  readonly protected?: Partial<ProtectedGuests> | undefined;
}

/** One thing that an override may not say. */
export interface PolicyIssue {
  /** Dotted path, for example `quorum.3.approvals`. */
  readonly path: string;
  readonly message: string;
}

/** A policy, or all that is wrong with it. */
export type ReadPolicy =
  | { readonly ok: true; readonly policy: ApprovalPolicy }
  | { readonly ok: false; readonly issues: readonly PolicyIssue[] };

const CLASSES: readonly RiskClass[] = [0, 1, 2, 3, 4];
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** The time that a request can stay open, and what else has bounds: at least and at most. */
const BOUNDS = {
  planValidMs: [MINUTE, DAY],
  openMs: [5 * MINUTE, DAY],
  startMs: [MINUTE, DAY],
  undoMs: [0, 10 * MINUTE],
  stepUpMaxAgeMs: [MINUTE, 60 * MINUTE],
} as const;

/** The limits of an emergency: each may only become narrower, except the time to acknowledge, which has bounds. */
const EMERGENCY_BOUNDS = {
  perDay: [0, 2],
  startMs: [MINUTE, 10 * MINUTE],
  reasonLength: [20, 500],
  acknowledgeMs: [60 * MINUTE, 7 * DAY],
} as const;

/**
 * Puts what an organisation says over the default. A quorum may be raised; only that of class 2 may be lowered,
 * down to nobody, since Operators may rebalance.
 */
export function readPolicy(standard: ApprovalPolicy, override: PolicyOverride): ReadPolicy {
  const { quorum = {}, breakGlass = {}, protected: shielded = {}, ...rest } = override;
  const policy: ApprovalPolicy = {
    ...standard,
    ...rest,
    quorum: { ...standard.quorum, ...quorum },
    breakGlass: { ...standard.breakGlass, ...breakGlass },
    protected: { ...standard.protected, ...shielded },
  };
  const issues = [
    ...CLASSES.flatMap((risk) => quorumIssues(risk, policy.quorum[risk], standard.quorum[risk])),
    ...boundIssues("", policy, BOUNDS),
    ...boundIssues("breakGlass.", policy.breakGlass, EMERGENCY_BOUNDS),
    ...reminderIssues(policy.remindAt),
    ...nameIssues("pools", policy.protected.pools),
    ...nameIssues("tags", policy.protected.tags),
  ];
  return issues.length === 0 ? { ok: true, policy } : { ok: false, issues };
}

function quorumIssues(
  risk: RiskClass,
  rule: QuorumRule,
  standard: QuorumRule,
): readonly PolicyIssue[] {
  const parts = ["approvals", "admins", "superAdmins", "superAdminsOfThree"] as const;
  return parts.flatMap((part) => {
    const least = risk === 2 ? 0 : (standard[part] ?? 0);
    const value = rule[part] ?? (part === "superAdminsOfThree" ? rule.superAdmins : 0);
    if (Number.isInteger(value) && value >= least && value <= 10) return [];
    const message = `must be a whole number from ${least} to 10; only class 2 may be lowered`;
    return [{ path: `quorum.${risk}.${part}`, message }];
  });
}

function boundIssues<Values, Name extends keyof Values & string>(
  prefix: string,
  values: Values,
  bounds: Readonly<Record<Name, readonly [number, number]>>,
): readonly PolicyIssue[] {
  const names = Object.keys(bounds) as Name[];
  return names.flatMap((name) => {
    const [least, most] = bounds[name];
    const value: unknown = values[name];
    if (Number.isInteger(value) && Number(value) >= least && Number(value) <= most) return [];
    return [
      { path: `${prefix}${name}`, message: `must be a whole number from ${least} to ${most}` },
    ];
  });
}

function reminderIssues(parts: readonly number[]): readonly PolicyIssue[] {
  if (parts.length <= 5 && parts.every((part) => part > 0 && part < 1)) return [];
  return [{ path: "remindAt", message: "must be at most five numbers between 0 and 1" }];
}

/** What protects nobody must not look as if it did. */
function nameIssues(part: keyof ProtectedGuests, names: readonly string[]): readonly PolicyIssue[] {
  const isList = Array.isArray(names) && names.every((one) => typeof one === "string");
  if (isList && names.every((name) => name.trim() !== "")) return [];
  return [{ path: `protected.${part}`, message: "must be a list of names" }];
}
