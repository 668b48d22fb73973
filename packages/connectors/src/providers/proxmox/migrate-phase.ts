import type { MigrateResult } from "../../contract/capabilities.ts";
import type { Look } from "../../transport/wait.ts";
import type { CallInfo } from "./api.ts";
import { guestsOf, type ProxmoxContext, readResources, type SeenGuest, sidOf } from "./context.ts";
import { type MigrationErrors, migrationErrors } from "./migrate-errors.ts";
import type { Upid } from "./tasks.ts";
import type { MigrateToken } from "./token.ts";

/** A task that is not known right after its start may still show up. */
export const FORGOTTEN_MS = 30_000;
/** A node that is away for longer leaves the outcome unknown. */
export const LOST_MS = 300_000;
/** No move without a visible task is waited for longer. */
const STUCK_MS = 6 * 3_600_000;

/** What one look at a move brings. */
export type MoveLook = Look<MigrateResult>;

/** Where following a move goes on. */
export type NextPhase =
  | { readonly phase: "task"; readonly upid: Upid }
  | { readonly phase: "ha"; readonly request: Upid }
  | { readonly phase: "guest" }
  | { readonly phase: "arrival" };

/** One way of following a move: looks, or says what to go on with. */
export interface MovePhase {
  look(): Promise<MoveLook | NextPhase>;
  cancel(signal: AbortSignal | undefined): Promise<"requested" | "not_supported" | "too_late">;
}

/** A move that is being followed, and what has been seen of it so far. */
export interface Move {
  readonly context: ProxmoxContext;
  readonly token: MigrateToken;
  readonly info: CallInfo;
  readonly errors: MigrationErrors;
  readonly warnings: string[];
  /** Somebody asked for an end of it, and the request was taken. */
  isCancelled: boolean;
  findGuest(): Promise<SeenGuest | undefined>;
  /** Milliseconds since the present way of not seeing anything began. */
  silentFor(): number;
  /** Something was seen. */
  heard(): void;
  /** Whether something other than its task has worked on the guest for too long: a lock may outlive its work. */
  isStuck(): boolean;
}

/** Begins to follow a move. */
export function createMove(context: ProxmoxContext, token: MigrateToken): Move {
  const { clock } = context;
  const info: CallInfo = { operation: "migrate", target: sidOf(token) };
  let since: number | undefined;
  let movingSince: number | undefined;
  return {
    context,
    token,
    info,
    errors: migrationErrors(context, token),
    warnings: [],
    isCancelled: false,
    findGuest: async () => {
      const rows = await readResources(context, info);
      return guestsOf(rows).find(({ vmid }) => vmid === token.vmid);
    },
    silentFor: () => {
      since ??= clock.now();
      return clock.now() - since;
    },
    heard: () => {
      since = undefined;
    },
    isStuck: () => {
      movingSince ??= clock.now();
      return clock.now() - movingSince > STUCK_MS;
    },
  };
}
