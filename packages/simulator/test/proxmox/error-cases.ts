/** Who asks. */
export type Asker =
  | "admin"
  | "reader"
  | "nobody"
  | "unknown token"
  | "wrong password"
  | "expired ticket"
  | "ticket without CSRF";

/**
 * What the cluster is like. `today`: as it comes, one node is away. `before`: of a release before January 2026, behind
 * a daemon of before 2025. `torn`: without quorum, and no node can pass a request on to another one.
 */
export type World = "today" | "before" | "torn";

/** Other people's clients that are driven through the cases. */
export type Client = "proxmoxer" | "proxmox-api" | "cv4pve";

/** One way in which Proxmox VE says no: what provokes it, and what is said. */
export interface ErrorCase {
  readonly name: string;
  readonly world: World;
  readonly as: Asker;
  readonly method: "GET" | "POST" | "DELETE" | "HEAD";
  /** Below `/api2/json`. */
  readonly path: string;
  readonly values?: Readonly<Record<string, string | number>>;
  /** Sends the values as a body where they belong into the query. */
  readonly withBody?: boolean;
  /** Major version that has it. Default both. */
  readonly only?: 8 | 9;
  readonly status: number;
  /** Of the status line. */
  readonly reason: string;
  /** The whole body: parsed when it is JSON, empty when there is none. */
  readonly body: unknown;
  /** How long the answer is held back, in milliseconds. */
  readonly heldMs: number;
  /** Clients that cannot get there, and why. */
  readonly cannot?: Partial<Readonly<Record<Client, string>>>;
}

const HELD_MS = 3000;
const OWN_NODE = { target: "pve1", online: 1 };
const ONWARDS = { target: "pve2", online: 1 };
const MIGRATE = "/nodes/pve1/qemu/100/migrate";
const NO_SUCH_TASK = "UPID:pve1:0020C066:042DF204:6B001B4B:qmigrate:100:root@pam:";

/** Every case, in the order of the status. What is said and how long it takes is the same in both versions. */
export const errorCases: readonly ErrorCase[] = [
  {
    ...asked("a target that makes no sense", "POST", MIGRATE, OWN_NODE),
    ...saidOf({ target: "target is local node." }),
  },
  {
    ...asked("the same from a daemon of before 2025", "POST", MIGRATE, OWN_NODE),
    ...saidOf({ target: "target is local node." }, false),
    world: "before",
  },
  {
    ...asked("a parameter that is not known", "POST", MIGRATE, { ...ONWARDS, colour: "blue" }),
    ...saidOf({
      colour:
        "property is not defined in schema and the schema does not allow additional properties",
    }),
  },
  {
    ...asked("a task that nobody knows", "GET", `/nodes/pve1/tasks/${NO_SUCH_TASK}/status`),
    ...saidOf({ upid: "no such task" }),
  },
  {
    ...asked("a wrong password", "POST", "/access/ticket", {
      username: "root@pam",
      password: "wrong password",
    }),
    ...said(401, "authentication failure"),
    as: "wrong password",
    heldMs: HELD_MS,
  },
  {
    ...asked("no credentials at all", "GET", "/version"),
    ...saidBare(401, "No ticket", HELD_MS),
    as: "nobody",
    cannot: { "proxmox-api": "is not made without a password or a token" },
  },
  {
    ...asked("a token with another secret", "GET", "/version"),
    ...saidBare(401, "Authentication failed!", HELD_MS),
    as: "unknown token",
  },
  {
    ...asked("a ticket that ran out", "GET", "/version"),
    ...saidBare(401, "Authentication failed!", HELD_MS),
    as: "expired ticket",
  },
  {
    ...asked("a ticket that ran out, before January 2026", "GET", "/version"),
    ...saidBare(401, "permission denied - invalid PVE ticket", HELD_MS),
    as: "expired ticket",
    world: "before",
    cannot: { "proxmox-api": "logs in again by itself at exactly this text" },
  },
  {
    ...asked("a write by ticket without its CSRF token", "POST", MIGRATE, ONWARDS),
    ...saidBare(401, "Permission denied - invalid csrf token", HELD_MS),
    as: "ticket without CSRF",
    cannot: {
      "proxmox-api": "sends the token that came with the ticket whenever it sends the ticket",
      cv4pve: "sends the token that came with the ticket whenever it sends the ticket",
    },
  },
  {
    ...asked("a privilege that is missing", "POST", MIGRATE, ONWARDS),
    ...said(403, "Permission check failed (/vms/100, VM.Migrate)"),
    as: "reader",
  },
  {
    ...asked("a guest that is locked", "POST", "/nodes/pve2/qemu/114/migrate", {
      target: "pve1",
      online: 1,
    }),
    ...said(500, "VM is locked (backup)"),
  },
  {
    ...asked("a guest that is not on that node", "GET", "/nodes/pve1/qemu/999/config"),
    ...said(500, "Configuration file 'nodes/pve1/qemu-server/999.conf' does not exist"),
  },
  {
    ...asked("a running VM that was not said to run on", "POST", MIGRATE, { target: "pve2" }),
    ...said(500, "can't migrate running VM without --online"),
  },
  {
    ...asked("no quorum", "POST", MIGRATE, ONWARDS),
    ...said(500, "cluster not ready - no quorum?"),
    world: "torn",
  },
  {
    ...asked("HA groups that have become rules", "GET", "/cluster/ha/groups"),
    ...said(500, "cannot index groups: ha groups have been migrated to rules"),
    only: 9,
  },
  {
    ...asked("HA rules before there were any", "GET", "/cluster/ha/rules"),
    ...saidUnknown("Method 'GET /cluster/ha/rules' not implemented"),
    only: 8,
  },
  {
    ...asked("a path that does not exist", "GET", "/cluster/nonsense"),
    ...saidUnknown("Method 'GET /cluster/nonsense' not implemented"),
  },
  {
    ...asked("a method that is not served", "HEAD", "/version"),
    ...saidBare(501, "method 'HEAD' not available"),
    cannot: { cv4pve: "knows GET, POST, PUT and DELETE only" },
  },
  {
    ...asked("a body where none belongs", "DELETE", "/nodes/pve1/qemu/100", { purge: 1 }),
    ...saidBare(501, "Unexpected content for method 'DELETE'"),
    body: "Unexpected content for method 'DELETE'",
    withBody: true,
    cannot: {
      "proxmox-api": "puts what goes with a DELETE into the query",
      cv4pve: "puts what goes with a DELETE into the query",
    },
  },
  {
    ...asked("a node that is away", "GET", "/nodes/pve4/status"),
    ...saidBare(595, "No route to host", 3000),
  },
  {
    ...asked("a node where nothing listens", "GET", "/nodes/pve2/status"),
    ...saidBare(595, "Connection refused"),
    world: "torn",
  },
  {
    ...asked("a node that never answers", "GET", "/nodes/pve3/status"),
    ...saidBare(596, "Connection timed out", 30_000),
    world: "torn",
  },
  {
    ...asked("a node with another certificate", "GET", "/nodes/pve4/status"),
    ...saidBare(596, "tls_process_server_certificate: certificate verify failed"),
    world: "torn",
  },
];

/** The cases that a version has. */
export function casesOf(version: string): readonly ErrorCase[] {
  const major = Number.parseInt(version, 10);
  return errorCases.filter(({ only }) => only === undefined || only === major);
}

type Question = Pick<ErrorCase, "name" | "world" | "as" | "method" | "path" | "values">;
type Answer = Pick<ErrorCase, "status" | "reason" | "body" | "heldMs">;

function asked(
  name: string,
  method: ErrorCase["method"],
  path: string,
  values: Readonly<Record<string, string | number>> = {},
): Question {
  return { name, world: "today", as: "admin", method, path, values };
}

function said(status: number, reason: string): Answer {
  return { status, reason, body: { data: null, message: `${reason}\n` }, heldMs: 0 };
}

function saidOf(errors: Readonly<Record<string, string>>, hasMessage = true): Answer {
  const reason = "Parameter verification failed.";
  const message = hasMessage ? { message: `${reason}\n` } : {};
  return { status: 400, reason, body: { data: null, ...message, errors }, heldMs: 0 };
}

// Refused before any handler, which is what would add the line break.
function saidUnknown(reason: string): Answer {
  return { status: 501, reason, body: { data: null, message: reason }, heldMs: 0 };
}

function saidBare(status: number, reason: string, heldMs = 0): Answer {
  return { status, reason, body: "", heldMs };
}
