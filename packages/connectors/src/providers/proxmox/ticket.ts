import { z } from "zod";
import { Kappa4Error } from "../../contract/errors.ts";
import type { GuestType } from "./context.ts";

interface TaskTicketBase {
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

/** The ticket of a move. */
export interface MigrateTicket extends TaskTicketBase {
  readonly verb: "migrate";
  readonly target: string;
  /** It ran, so it has to run in the end. */
  readonly ran: boolean;
  /** HA resources that HA moves along. */
  readonly along: readonly string[];
}

/** The ticket of a change of one guest's state. */
export interface ChangeTicket extends TaskTicketBase {
  readonly verb: "start" | "stop" | "restart" | "delete";
  /** How long after its task the change may take to show: with HA the task is only the request. */
  readonly settleMs: number;
}

/** The ticket of a guest in the making; `vmid` is the guest that the task is about. */
export interface NewGuestTicket extends TaskTicketBase {
  readonly verb: "create" | "clone";
  readonly newid: number;
  readonly name: string;
  /** What the guest's description says of the call that made it; null when it could not be written there. */
  readonly key: string | null;
}

/** The ticket of work on a guest's snapshots. */
export interface SnapshotTicket extends TaskTicketBase {
  readonly verb: "snapshot" | "restore" | "delete-snapshot";
  readonly name: string;
}

/** The ticket of a change that was not needed. */
export interface UnchangedTicket {
  readonly v: 1;
  readonly kind: "proxmox";
  readonly connection: string;
  readonly verb: "nothing";
}

/** All that following an operation needs, in this process or another. */
export type Ticket =
  | MigrateTicket
  | ChangeTicket
  | NewGuestTicket
  | SnapshotTicket
  | UnchangedTicket;

const ours = { v: z.literal(1), kind: z.literal("proxmox"), connection: z.string() };
const task = {
  ...ours,
  vmid: z.int(),
  type: z.enum(["qemu", "lxc"]),
  node: z.string(),
  upid: z.string().nullable(),
};

const ticketSchema: z.ZodType<Ticket> = z.discriminatedUnion("verb", [
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

/** Writes a ticket as JSON-safe text. */
export function writeTicket(ticket: Ticket): string {
  return PREFIX + Buffer.from(JSON.stringify(ticket)).toString("base64url");
}

/** Reads a ticket back; throws `invalid_argument` for the token of another kind or connection. */
export function readTicket(token: string, connection: string): Ticket {
  const parsed = ticketSchema.safeParse(decode(token));
  if (parsed.success && parsed.data.connection === connection) return parsed.data;
  throw new Kappa4Error(
    "invalid_argument",
    `The token is not that of an operation of "${connection}"; resume it on the connection that started it.`,
    { context: { connector: connection, operation: "resume" } },
  );
}

function decode(token: string): unknown {
  if (!token.startsWith(PREFIX)) return undefined;
  try {
    return JSON.parse(Buffer.from(token.slice(PREFIX.length), "base64url").toString());
  } catch {
    return undefined;
  }
}
