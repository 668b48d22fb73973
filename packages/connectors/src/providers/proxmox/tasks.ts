import { Kappa4Error } from "../../contract/errors.ts";
import { isLineError } from "../../transport/retry.ts";
import { type CallInfo, path } from "./api.ts";
import type { ProxmoxContext } from "./context.ts";
import { taskListPayload, taskLogPayload, taskStatusPayload } from "./task-payloads.ts";

/** What the id of a task says. */
export interface Upid {
  readonly text: string;
  readonly node: string;
  /** Seconds since the epoch on the clock of its node. */
  readonly startedAt: number;
  readonly type: string;
  /** Usually the number of a guest; empty for tasks of a node. */
  readonly id: string;
  /** `user@realm` or `user@realm!token`. */
  readonly user: string;
}

/** One look at a task. `lost`: its node does not answer; `forgotten`: the node does not know it. */
export type TaskSight =
  | {
      readonly kind: "running";
      readonly progress: number | null;
      readonly stage?: string | undefined;
    }
  | {
      readonly kind: "ended";
      readonly ok: boolean;
      /** `OK`, `WARNINGS: n`, or what went wrong. */
      readonly exit: string;
      readonly warnings: readonly string[];
      readonly log: readonly string[];
    }
  | { readonly kind: "lost" }
  | { readonly kind: "forgotten" };

/** A task that is being watched: remembers how far its log was read. */
export interface TaskWatch {
  readonly upid: Upid;
  look(signal: AbortSignal | undefined): Promise<TaskSight>;
}

const UPID = /^UPID:([^:]+):[0-9A-F]{8,}:[0-9A-F]{8,9}:([0-9A-F]{8}):([^:]+):([^:]*):([^:]+):$/i;
const LOG_PAGE = 500;
const LOG_TAIL = 20;
const LIST_LENGTH = 50;

/** Takes a task id apart; undefined when it is none. */
export function parseUpid(text: unknown): Upid | undefined {
  if (typeof text !== "string") return undefined;
  const [, node, start, type, id, user] = UPID.exec(text) ?? [];
  if (node === undefined || start === undefined || type === undefined || user === undefined) {
    return undefined;
  }
  return { text, node, startedAt: Number.parseInt(start, 16), type, id: id ?? "", user };
}

/** Lists a node's newest tasks for a guest, running and ended. */
export async function listTasks(
  { api }: ProxmoxContext,
  node: string,
  vmid: number,
  info: CallInfo,
): Promise<readonly Upid[]> {
  const query = { vmid, source: "all", limit: LIST_LENGTH };
  const rows = await api.get(path`/nodes/${node}/tasks`, taskListPayload, info, query);
  return rows.flatMap(({ upid }) => parseUpid(upid) ?? []);
}

/** Starts watching a task. `withProgress` also reads the log while it runs, which costs a request per look. */
export function watchTask(
  { api, hide }: ProxmoxContext,
  upid: Upid,
  about: Omit<CallInfo, "signal">,
  withProgress: boolean,
): TaskWatch {
  const base = path`/nodes/${upid.node}/tasks/${upid.text}`;
  let nextLine = 0;
  let progress: number | null = null;
  const tail: string[] = [];
  const warnings: string[] = [];

  async function readLog(info: CallInfo): Promise<void> {
    for (;;) {
      const query = { start: nextLine, limit: LOG_PAGE };
      const rows = await api.get(`${base}/log`, taskLogPayload, info, query);
      const lines = rows
        .filter(({ n, t }) => n > nextLine && t !== "no content")
        .map(({ n, t }) => ({ n, t: hide(t) }));
      for (const { n, t } of lines) {
        nextLine = n;
        progress = readProgress(t) ?? progress;
        if (/^(\S+ \S+ )?warn(ing)?\b/i.test(t)) warnings.push(t);
        tail.push(t);
      }
      tail.splice(0, Math.max(0, tail.length - LOG_TAIL));
      if (lines.length < LOG_PAGE) return;
    }
  }

  return {
    upid,
    async look(signal) {
      // One repetition only: the next look is near, and a lost node must not hold up the ones that are well.
      const info = { ...about, signal, retries: 1 };
      try {
        const { status, exitstatus } = await api.get(`${base}/status`, taskStatusPayload, info);
        const isRunning = status === "running";
        if (withProgress || !isRunning) await readLog(info).catch(ignoreUnreadable);
        if (isRunning) return { kind: "running", progress, stage: stageOf(tail.at(-1)) };
        const exit = hide(exitstatus ?? "ended without a result");
        const ok = exit === "OK" || exit.startsWith("WARNINGS");
        const heard = exit.startsWith("WARNINGS") && warnings.length === 0 ? [exit] : warnings;
        return { kind: "ended", ok, exit, warnings: ok ? heard : [], log: [...tail] };
      } catch (error) {
        if (Kappa4Error.is(error, "not_found")) return { kind: "forgotten" };
        // Whether the cluster answers at all shows in the next look at the guest.
        if (isLineError(error)) return { kind: "lost" };
        throw error;
      }
    },
  };
}

/** The log is for people; that it cannot be read must not hide how the task stands. */
function ignoreUnreadable(error: unknown): void {
  if (!Kappa4Error.is(error)) throw error;
}

const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** Finds how far a copy is in a line of a task's log: `transferred 1.2 GiB of 4.0 GiB`. */
export function readProgress(line: string): number | undefined {
  const [, done, doneUnit, all, allUnit] =
    /transferred ([\d.]+) ?([KMGT]?i?B) of ([\d.]+) ?([KMGT]?i?B)/.exec(line) ?? [];
  const total = Number(all) * (UNITS[allUnit ?? ""] ?? Number.NaN);
  const part = Number(done) * (UNITS[doneUnit ?? ""] ?? Number.NaN);
  return total > 0 && part >= 0 ? Math.min(1, part / total) : undefined;
}

/** The last line of a log without the date before it. */
function stageOf(line: string | undefined): string | undefined {
  return line?.replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d /, "");
}
