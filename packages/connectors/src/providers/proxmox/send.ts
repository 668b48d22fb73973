import { Kappa4Error, type Outcome } from "../../contract/errors.ts";
import type { Parameters } from "../../transport/send.ts";
import type { CallInfo, Method } from "./api.ts";
import { type PlacedGuest, type ProxmoxContext, sidOf } from "./context.ts";
import { listTasks, parseUpid, type Upid } from "./tasks.ts";

/** A write that starts a task about a guest. */
export interface TaskRequest {
  readonly method: Exclude<Method, "GET">;
  readonly path: string;
  readonly parameters?: Parameters | undefined;
  readonly operation: string;
  readonly guest: PlacedGuest;
  /** Types of tasks that this write starts, for example `qmigrate` and `hamigrate`. */
  readonly taskTypes: readonly string[];
  readonly signal?: AbortSignal | undefined;
  /**
   * Looks at the guest itself when no task was found: true when the write shows there, false when it does not,
   * undefined when that cannot be told.
   */
  isVisible?(info: CallInfo): Promise<boolean | undefined>;
  /** Whether a task that was found is about what this write made; undefined when that cannot be told. */
  isOwn?(info: CallInfo): Promise<boolean | undefined>;
}

const SEARCH_MS = 30_000;
const SEARCH_PAUSE_MS = 2000;

/**
 * Sends the write once and returns its task; undefined when the write took effect and no task of it is left to
 * watch. When the answer is lost, the node's tasks are searched for about 30 s for one that was not there before:
 * found, it is as if the answer had come; surely absent, the error has outcome `not_applied`; else `unknown`.
 */
export async function startTask(
  context: ProxmoxContext,
  request: TaskRequest,
): Promise<Upid | undefined> {
  const { operation, guest, signal } = request;
  const info: CallInfo = { operation, target: sidOf(guest), signal };
  const before = await listTasks(context, guest.node, guest.vmid, info);
  try {
    const data = await context.api.write(request.method, request.path, info, request.parameters);
    const upid = parseUpid(data);
    if (upid !== undefined) {
      context.claims.takeTask(upid.text);
      return upid;
    }
    throw noTask(context, info);
  } catch (error) {
    if (!Kappa4Error.is(error) || error.outcome !== "unknown") throw error;
    const known = new Set(before.map(({ text }) => text));
    return await searchTask(context, request, info, known, error);
  }
}

async function searchTask(
  context: ProxmoxContext,
  request: TaskRequest,
  info: CallInfo,
  known: ReadonlySet<string>,
  lost: Kappa4Error,
): Promise<Upid | undefined> {
  const { clock, connection, logger } = context;
  const { guest, taskTypes } = request;
  logger.warn(
    { connection, operation: info.operation, target: info.target, code: lost.code },
    "The answer to a write was lost; looking for what it did",
  );
  const isOurs = (task: Upid): boolean =>
    !known.has(task.text) && taskTypes.includes(task.type) && task.user === context.api.userId;
  const endsAt = clock.now() + SEARCH_MS;
  for (;;) {
    const tasks = await orUnreachable(
      listTasks(context, guest.node, guest.vmid, { ...info, retries: 0 }),
    );
    const candidates = (tasks ?? []).filter(isOurs).sort((a, b) => a.startedAt - b.startedAt);
    const isOthers =
      candidates.length > 0 &&
      (await orUnreachable(request.isOwn?.({ ...info, retries: 0 }))) === false;
    const found = isOthers
      ? undefined
      : candidates.find(({ text }) => context.claims.takeTask(text));
    if (found !== undefined) return found;
    if (clock.now() >= endsAt) {
      const visible = await orUnreachable(request.isVisible?.({ ...info, retries: 0 }));
      if (visible === true) return undefined;
      const isAbsent = tasks !== undefined && (visible === false || !request.isVisible);
      throw isAbsent ? notApplied(lost) : stillUnknown(lost);
    }
    await clock.sleep(SEARCH_PAUSE_MS, info.signal);
  }
}

/** A search that cannot be made says nothing; what went wrong with it matters less than the write. */
async function orUnreachable<T>(reading: Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (!Kappa4Error.is(error)) throw error;
    return undefined;
  }
}

function notApplied(lost: Kappa4Error): Kappa4Error {
  return restate(
    lost,
    "not_applied",
    "no task of it was started, so nothing has changed and it can be done again",
  );
}

function stillUnknown(lost: Kappa4Error): Kappa4Error {
  return restate(
    lost,
    "unknown",
    "whether it was started could not be found out, so look at the guest before doing it again",
  );
}

function restate(lost: Kappa4Error, outcome: Outcome, found: string): Kappa4Error {
  // What was advised when nothing was known yet gives way to what was found out.
  const message = `${lost.message.replace(/;[^;]*$|\.$/, "")}; ${found}.`;
  return new Kappa4Error(lost.code, message, { outcome, context: lost.context, cause: lost });
}

function noTask({ connection }: ProxmoxContext, info: CallInfo): Kappa4Error {
  return new Kappa4Error(
    "protocol",
    `${info.operation} of ${info.target} on "${connection}" was answered without the id of a task; look at the guest before doing it again.`,
    {
      outcome: "unknown",
      context: { connector: connection, operation: info.operation, target: info.target },
    },
  );
}
