import { Kappa4Error } from "@kappa4/connectors";
import { z } from "zod";
import type { RebalanceOptions } from "./balancing/index.ts";
import { applySchema, balancingSchema, byteSize } from "./config/index.ts";
import { problemsOf, toIssue } from "./config/issues.ts";
import type { NewGuest } from "./kappa4.ts";
import type { ApplyOptions } from "./rebalance/events.ts";
import { historySchema } from "./snapshot-file/index.ts";

const aboveZero = (value: number): boolean => value > 0;

const newGuestSchema: z.ZodType<NewGuest> = z.strictObject({
  memoryBytes: byteSize.refine(aboveZero, "must be above 0"),
  cores: z.number().gt(0),
  tags: z.array(z.string()).optional(),
  pool: z.string().optional(),
});

const ofOneCall: z.ZodType<Pick<RebalanceOptions, "history" | "now">> = z.object({
  history: historySchema.optional(),
  now: z.date().optional(),
});

/**
 * Checks the options of a plan as those of the configuration are checked. What is undefined counts as not given.
 * Throws `invalid_argument` with the path of each problem.
 */
export function checkPlanOptions(options: RebalanceOptions): RebalanceOptions {
  const { history, now, ...rest } = given(options);
  return {
    ...check(balancingSchema, rest),
    ...check(ofOneCall, given({ history, now })),
  };
}

/** Checks how a plan is to be carried out; same as {@link checkPlanOptions}. */
export function checkApplyOptions({ signal, ...options }: ApplyOptions): ApplyOptions {
  return { ...check(applySchema, given(options)), ...(signal === undefined ? {} : { signal }) };
}

/** Checks what is said of a guest that does not exist yet. Throws `invalid_argument`. */
export function checkNewGuest(guest: NewGuest): NewGuest {
  return check(newGuestSchema, guest, "The new guest");
}

function check<Output>(
  schema: z.ZodType<Output>,
  value: unknown,
  what: string = "The options",
): Output {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = problemsOf(result.error, schema, value, () => true).map((found) => toIssue(found));
  const problems = issues.map(({ path, message }) =>
    path === "" ? message : `${path}: ${message}`,
  );
  const message = `${what} cannot be taken: ${problems.join("; ")}.`;
  throw new Kappa4Error("invalid_argument", message, { context: { target: issues[0]?.path } });
}

function given<Options extends object>(options: Options): Options {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Options;
}
