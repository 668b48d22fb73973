import { z } from "zod";
import { Kappa4Error } from "../../contract/errors.ts";
import type { GuestType } from "./context.ts";

interface TaskTokenBase {
  readonly v: 1;
  readonly kind: "proxmox";
  readonly connection: string;
  readonly vmid: number;
  readonly type: GuestType;
  /** Where the guest was when the work was asked for. */
  readonly node: string;
  /** The task that was started; null when its answer was lost and only the guest itself can be followed. */
  readonly upid: string | null;
}

/** The token of a move. */
export interface MigrateToken extends TaskTokenBase {
  readonly verb: "migrate";
  readonly target: string;
  /** It ran, so it has to run in the end. */
  readonly ran: boolean;
  /** HA resources that HA moves along. */
  readonly along: readonly string[];
}

/** The token of a change of one guest's state. */
export interface ChangeToken extends TaskTokenBase {
  readonly verb: "start" | "stop" | "restart" | "delete";
  /** How long after its task the change may take to show: with HA the task is only the request. */
  readonly settleMs: number;
}

/** The token of a guest in the making; `vmid` is the guest that the task is about. */
export interface NewGuestToken extends TaskTokenBase {
  readonly verb: "create" | "clone";
  readonly newid: number;
  readonly name: string;
  /** What the guest's description says of the call that made it; null when it could not be written there. */
  readonly key: string | null;
}

/** The token of work on a guest's snapshots. */
export interface SnapshotToken extends TaskTokenBase {
  readonly verb: "snapshot" | "restore" | "delete-snapshot";
  readonly name: string;
}

/** The token of a change that was not needed. */
export interface UnchangedToken {
  readonly v: 1;
  readonly kind: "proxmox";
  readonly connection: string;
  readonly verb: "nothing";
}

/** All that following an operation needs, in this process or another. */
export type Token = MigrateToken | ChangeToken | NewGuestToken | SnapshotToken | UnchangedToken;

const ours = { v: z.literal(1), kind: z.literal("proxmox"), connection: z.string() };
const task = {
  ...ours,
  vmid: z.int(),
  type: z.enum(["qemu", "lxc"]),
  node: z.string(),
  upid: z.string().nullable(),
};

const tokenSchema: z.ZodType<Token> = z.discriminatedUnion("verb", [
  z.strictObject({
    ...task,
    verb: z.literal("migrate"),
    target: z.string(),
    ran: z.boolean(),
    along: z.array(z.string()),
  }),
  z.strictObject({
    ...task,
    verb: z.enum(["start", "stop", "restart", "delete"]),
    settleMs: z.int(),
  }),
  z.strictObject({
    ...task,
    verb: z.enum(["create", "clone"]),
    newid: z.int(),
    name: z.string(),
    key: z.string().nullable(),
  }),
  z.strictObject({
    ...task,
    verb: z.enum(["snapshot", "restore", "delete-snapshot"]),
    name: z.string(),
  }),
  z.strictObject({ ...ours, verb: z.literal("nothing") }),
]);

const PREFIX = "proxmox:";

/** Writes a token as text that JSON can carry. */
export function writeToken(token: Token): string {
  return PREFIX + Buffer.from(JSON.stringify(token)).toString("base64url");
}

/** Reads a token back; throws `invalid_argument` for one of another kind or connection. */
export function readToken(text: string, connection: string): Token {
  const parsed = tokenSchema.safeParse(decode(text));
  if (parsed.success && parsed.data.connection === connection) return parsed.data;
  throw new Kappa4Error(
    "invalid_argument",
    `The token is not that of an operation of "${connection}"; resume it on the connection that started it.`,
    { context: { connector: connection, operation: "resume" } },
  );
}

function decode(text: string): unknown {
  if (!text.startsWith(PREFIX)) return undefined;
  try {
    return JSON.parse(Buffer.from(text.slice(PREFIX.length), "base64url").toString());
  } catch {
    return undefined;
  }
}
