import { Kappa4Error } from "../../contract/errors.ts";
import type { Operation, OperationStatus } from "../../contract/operation.ts";
import { untilAborted } from "../../transport/deadline.ts";
import { isLineError } from "../../transport/retry.ts";
import { keepProgress, type Look, waitFor } from "../../transport/wait.ts";
import type { LxdApi } from "./api.ts";
import {
  callInfo,
  contextOfToken,
  type Judge,
  nameOf,
  type OperationEnd,
  type Verdict,
} from "./judge.ts";
import { type OperationLook, type OperationUrl, parseOperationUrl } from "./look.ts";
import { mapMemberStatus } from "./mapping.ts";
import type { LxdOperation } from "./payloads.ts";
import { type Token, writeToken } from "./token.ts";

/** One wait on the server; short, so that progress is seen and an abort leaves little behind. */
const WAIT_SECONDS = 2;

/** Makes the handle of an accepted change: the server's operation says when to look, the judge what came of it. */
export function createOperation<Result>(
  api: LxdApi,
  token: Token,
  judge: Judge<Result>,
): Operation<Result> {
  const url = token.url === null ? undefined : parseOperationUrl(token.url);
  const name = nameOf(api, token);
  const context = contextOfToken(api, token);
  const keep = keepProgress();
  let end: OperationEnd | undefined = url === undefined ? { state: "gone" } : undefined;
  let judging: Promise<Verdict<Result>> | undefined;

  /**
   * Judged once, whoever waits: a repair must not be done twice, and goes on when one waiter leaves. A verdict that
   * something is unknown is none, so whoever asks later has it judged again.
   */
  function settle(ended: OperationEnd): Promise<Verdict<Result>> {
    judging ??= judge(ended, { mayRepair: true }).then(
      (verdict) => {
        if (verdict.error?.outcome === "unknown") judging = undefined;
        return verdict;
      },
      (error: unknown) => {
        judging = undefined;
        throw error;
      },
    );
    return judging;
  }

  /** The operation of a move runs on the member that the instance leaves, and ends with it. */
  async function waitOnServer(
    at: OperationUrl,
    signal: AbortSignal | undefined,
  ): Promise<OperationLook> {
    const info = callInfo(token, signal);
    try {
      return await api.wait(at, WAIT_SECONDS, info);
    } catch (error) {
      if (token.verb !== "migrate" || !Kappa4Error.is(error, "unavailable")) throw error;
      const source = (await api.members(info)).find((m) => m.server_name === token.from);
      if (source === undefined || mapMemberStatus(source).status === "online") throw error;
      return { state: "gone" };
    }
  }

  async function look(signal: AbortSignal | undefined): Promise<Look<Result>> {
    if (end === undefined && url !== undefined) {
      const seen = await waitOnServer(url, signal);
      if (seen.state === "running") return { status: runningStatus(token, seen.operation) };
      end = seen;
    }
    const verdict = await untilAborted(settle(end ?? { state: "gone" }), signal);
    if (verdict.error !== undefined) return { status: failedStatus(verdict.error, end) };
    return { status: keep(succeeded()), result: { value: verdict.value } };
  }

  return {
    id: url?.path.split("/").at(-1) ?? `${token.verb}-${token.guest}`,
    token: writeToken(token),
    async status({ signal } = {}) {
      try {
        if (end === undefined && url !== undefined) {
          const seen = await api.look(url, callInfo(token, signal));
          if (seen.state === "running") return keep(runningStatus(token, seen.operation));
          end = seen;
        }
        const verdict = await (judging ??
          judge(end ?? { state: "gone" }, { signal, mayRepair: false }));
        if (verdict.error === undefined) return keep(succeeded());
        return keep(failedStatus(verdict.error, end));
      } catch (error) {
        if (!isLineError(error)) throw error;
        return keep({ state: "unknown", progress: null, warnings: [error.message] });
      }
    },
    done: (options = {}) =>
      waitFor({
        ...options,
        clock: api.clock,
        look,
        name,
        context,
        intervalMs: 50,
        maxIntervalMs: 1000,
      }),
    async cancel({ signal } = {}) {
      if (end !== undefined || url === undefined) return "too_late";
      return cancelOperation(api, url, token, signal);
    },
  };
}

async function cancelOperation(
  api: LxdApi,
  url: OperationUrl,
  token: Token,
  signal: AbortSignal | undefined,
): Promise<"requested" | "not_supported" | "too_late"> {
  const info = { ...callInfo(token, signal), operation: "cancel" };
  const seen: OperationLook = await api.look(url, info);
  if (seen.state !== "running") return "too_late";
  if (seen.operation?.may_cancel !== true) return "not_supported";
  try {
    await api.change("DELETE", url.path, { ...info, query: url.query });
    return "requested";
  } catch (error) {
    if (Kappa4Error.is(error, "unsupported")) return "not_supported";
    if (Kappa4Error.is(error, "not_found")) return "too_late";
    throw error;
  }
}

function runningStatus(token: Token, operation: LxdOperation | undefined): OperationStatus {
  const stage = stageOf(operation);
  const startedAt = dateOf(operation?.created_at);
  return {
    state: operation?.status_code === 105 ? "pending" : "running",
    progress: progressOf(token, operation),
    warnings: [],
    ...(stage === undefined ? {} : { stage }),
    ...(startedAt === undefined ? {} : { startedAt }),
  };
}

/** Percentages are text. That of a move counts the unpacking of the image only, which says nothing of the move. */
function progressOf(token: Token, operation: LxdOperation | undefined): number | null {
  const progress = operation?.metadata?.progress;
  if (typeof progress !== "object" || progress === null) return null;
  const percent = Number(Reflect.get(progress, "percent"));
  const stage = String(Reflect.get(progress, "stage"));
  if (!Number.isFinite(percent) || (token.verb === "migrate" && stage.includes("unpack"))) {
    return null;
  }
  return percent / 100;
}

function stageOf(operation: LxdOperation | undefined): string | undefined {
  const texts = Object.entries(operation?.metadata ?? {}).flatMap(([key, value]) =>
    key.endsWith("_progress") && typeof value === "string" && value !== "" ? [value] : [],
  );
  // The last is the one under way: the unpacking of the image comes before the copying of files.
  return texts.at(-1) ?? operation?.description ?? undefined;
}

function dateOf(text: string | null | undefined): Date | undefined {
  const at = Date.parse(text ?? "");
  return Number.isNaN(at) ? undefined : new Date(at);
}

function succeeded(): OperationStatus {
  return { state: "succeeded", progress: 1, warnings: [] };
}

function failedStatus(error: Kappa4Error, end: OperationEnd | undefined): OperationStatus {
  const cancelled = end?.state === "ended" && end.cancelled;
  const unsure = error.outcome === "unknown" ? "unknown" : "failed";
  return { state: cancelled ? "cancelled" : unsure, progress: null, warnings: [], error };
}
