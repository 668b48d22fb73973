import { z } from "zod";
import { DEFAULT_POLICY, type PolicyOverride, readPolicy } from "../approvals/index.ts";

// Whether it is whole is judged with the bounds: zod would stop at the first that is not.
const whole = z.number().meta({ type: "integer" });
const count = whole.min(0).max(10);
const ms = whole.min(0);
const risk = z.literal([0, 1, 2, 3, 4]);

const quorum = z
  .strictObject({
    approvals: count.describe("How many must approve, besides who asks."),
    admins: count.default(0).describe("How many of them are Admins or more. Default 0."),
    superAdmins: count.default(0).describe("How many of them are Super Admins. Default 0."),
    superAdminsOfThree: count
      .optional()
      .describe("How many Super Admins where there are at least three of them."),
  })
  .describe("Who must approve what is of this class.");

const breakGlass = z
  .strictObject({
    perDay: whole.min(0).max(2).describe("How often one person may. Default 2; 0 switches it off."),
    startMs: ms.describe("How long after it the plan can be started."),
    reasonLength: whole.describe("How many characters a reason has at least. Default 20."),
    acknowledgeMs: ms.describe("How long another Admin has to acknowledge it."),
  })
  .partial();

const protectedGuests = z
  .strictObject({
    pools: z.array(z.string().min(1)).describe("Names of resource pools. Default none."),
    tags: z.array(z.string().min(1)).describe("Tags, as the guests have them. Default none."),
  })
  .partial();

/** The `approvals` part of a configuration. */
export const approvalsSchema: z.ZodType<PolicyOverride> = z
  .strictObject({
    quorum: z
      .strictObject({ "0": quorum, "1": quorum, "2": quorum, "3": quorum, "4": quorum })
      .partial()
      .describe("By risk class. A quorum can be raised; that of class 2 can be lowered too."),
    planValidMs: ms.describe("How long a plan can be asked for. Default 30 minutes."),
    openMs: ms.describe("How long a request stays open. Default 60 minutes."),
    startMs: ms.describe("How long after its approval a plan can start. Default 15 minutes."),
    undoMs: ms.describe("How long a plan of class 1 waits before it starts. Default 10 seconds."),
    remindAt: z.array(z.number()).describe("At which parts of the open time people are reminded."),
    reasonFrom: risk.describe("From which class on a request needs a reason. Default 3."),
    stepUpFrom: z
      .union([risk, z.literal("never")])
      .describe(
        "From which class on an approval needs a fresh login. Default never: no surface can prove one yet.",
      ),
    stepUpMaxAgeMs: ms.describe("How old a fresh login may be. Default 5 minutes."),
    local: z
      .enum(["trusted", "required"])
      .describe("Whether whoever holds the process needs a second person. Default trusted: no."),
    breakGlass: breakGlass.describe("Limits of going past the others in an emergency."),
    protected: protectedGuests.describe("Guests of which a move makes a plan class 3."),
  } satisfies Record<keyof PolicyOverride, z.ZodType>)
  .partial()
  .superRefine(
    (override, context) => {
      const read = readPolicy(DEFAULT_POLICY, plain(readable(override, context.issues)));
      for (const { path, message } of read.ok ? [] : read.issues) {
        context.addIssue({ code: "custom", path: path.split("."), message });
      }
    },
    // Also where something else is wrong: all that is wrong is said at once.
    { when: () => true },
  )
  .transform(plain);

/** What of an override can be judged: what is refused already counts as the usual, and is not refused twice. */
function readable(override: object, refused: readonly z.core.$ZodRawIssue[]): object {
  const paths = refused.flatMap(({ code, path = [] }) =>
    code === "unrecognized_keys" ? [] : [path],
  );
  return paths.reduce(
    (rest: object, path) => Object(usualAt(rest, path, DEFAULT_POLICY)),
    override,
  );
}

/** Puts the usual in the place of what a path leads to; a list is replaced as a whole. */
function usualAt(value: unknown, [key, ...rest]: readonly PropertyKey[], usual: unknown): unknown {
  if (key === undefined || Array.isArray(value)) return usual;
  const of = (owner: unknown): unknown => Reflect.get(Object(owner), key);
  return { ...Object(value), [key]: usualAt(of(value), rest, of(usual)) };
}

/** Without what is undefined: an override says nothing about what it does not name. */
function plain(override: object): PolicyOverride {
  return JSON.parse(JSON.stringify(override)) as PolicyOverride;
}
