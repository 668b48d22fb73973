import { z } from "zod";
import { Kappa4Error } from "../../contract/errors.ts";

interface TokenBase {
  readonly v: 1;
  readonly kind: "lxd";
  readonly connection: string;
  readonly project: string;
  /** Address of the operation; null when the change was done at once or its answer was lost. */
  readonly url: string | null;
  readonly guest: string;
}

/** A move from member to member. */
export interface MoveToken extends TokenBase {
  readonly verb: "migrate";
  /** `volatile.uuid`, which the instance keeps. */
  readonly uid?: string | undefined;
  readonly from: string;
  readonly to: string;
  /** It was running, so it has to run in the end. */
  readonly ran: boolean;
}

/** A change of state, or the end of an instance. */
export interface ChangeToken extends TokenBase {
  readonly verb: "start" | "stop" | "restart" | "delete";
  /** There was nothing to do. */
  readonly unchanged?: boolean | undefined;
}

/** A new instance. */
export interface CreationToken extends TokenBase {
  readonly verb: "create" | "clone";
  /** Marks the instance as made by this very call. */
  readonly key: string;
}

/** Something done to a saved state. */
export interface SnapshotToken extends TokenBase {
  readonly verb: "snapshot" | "restore" | "delete-snapshot";
  readonly snapshot: string;
  /** There was nothing to do. */
  readonly unchanged?: boolean | undefined;
}

/** Everything that following an operation needs, in this process or in another. */
export type Token = MoveToken | ChangeToken | CreationToken | SnapshotToken;

/** The part of a token that is the same for all of a connection's. */
export function tokenBase(
  connection: string,
  project: string,
): Pick<TokenBase, "v" | "kind" | "connection" | "project" | "url"> {
  return { v: 1, kind: "lxd", connection, project, url: null };
}

/** Writes a token as JSON-safe text. */
export function writeToken(token: Token): string {
  return `lxd:${Buffer.from(JSON.stringify(token)).toString("base64url")}`;
}

/** Reads a token back; throws `invalid_argument` for one of another kind, connection or project. */
export function readToken(text: string, connection: string, project: string): Token {
  const result = tokenSchema.safeParse(decode(text));
  if (!result.success || result.data.connection !== connection || result.data.project !== project) {
    throw new Kappa4Error(
      "invalid_argument",
      `The token does not belong to an operation of "${connection}"; resume it on the connection that started it.`,
      { context: { connector: connection, operation: "resume" } },
    );
  }
  return result.data;
}

function decode(text: string): unknown {
  if (!text.startsWith("lxd:")) return undefined;
  try {
    return JSON.parse(Buffer.from(text.slice("lxd:".length), "base64url").toString("utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const base = {
  v: z.literal(1),
  kind: z.literal("lxd"),
  connection: z.string(),
  project: z.string(),
  url: z.string().nullable(),
  guest: z.string(),
};

const tokenSchema: z.ZodType<Token> = z.discriminatedUnion("verb", [
  z.strictObject({
    ...base,
    verb: z.literal("migrate"),
    uid: z.string().optional(),
    from: z.string(),
    to: z.string(),
    ran: z.boolean(),
  }),
  z.strictObject({
    ...base,
    verb: z.enum(["start", "stop", "restart", "delete"]),
    unchanged: z.boolean().optional(),
  }),
  z.strictObject({ ...base, verb: z.enum(["create", "clone"]), key: z.string() }),
  z.strictObject({
    ...base,
    verb: z.enum(["snapshot", "restore", "delete-snapshot"]),
    snapshot: z.string(),
    unchanged: z.boolean().optional(),
  }),
]);
