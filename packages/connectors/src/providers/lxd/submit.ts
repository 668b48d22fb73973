import { Kappa4Error } from "../../contract/errors.ts";
import type { Operation } from "../../contract/operation.ts";
import { isLineError } from "../../transport/retry.ts";
import type { Change, LxdApi } from "./api.ts";
import { contextOfToken, type Judge, nameOf } from "./judge.ts";
import type { OperationUrl } from "./look.ts";
import { instancesOf } from "./mapping.ts";
import { createOperation } from "./operation.ts";
import type { Token } from "./token.ts";

/** A change of one instance. */
export interface Submission<Kind extends Token, Result> {
  readonly method: "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly json?: unknown;
  readonly query?: Readonly<Record<string, string | undefined>> | undefined;
  /** Everything of the token but what the answer tells. */
  readonly token: Kind;
  judge(token: Kind): Judge<Result>;
  /** Words in the description of the operation by which it is found again when the answer was lost. */
  readonly description: RegExp;
  /** Operations that were there before. */
  readonly known?: ReadonlySet<string> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How often, and how far apart, a lost change is looked for. LXD shows ended operations for 5 s. */
const LOOKS = 5;
const LOOK_EVERY_MS = 1000;

/**
 * Sends a change once and returns the handle of its operation. When the answer was lost the operation is looked
 * for, then its effect; when neither is seen, the error of the line is thrown with outcome `unknown`.
 */
export async function submit<Kind extends Token, Result>(
  api: LxdApi,
  submission: Submission<Kind, Result>,
): Promise<Operation<Result>> {
  const { method, path, json, query, token, signal } = submission;
  const change: Change = { operation: token.verb, target: token.guest, json, query, signal };
  const open = (url: OperationUrl | undefined): Operation<Result> => {
    const complete = { ...token, url: url === undefined ? null : textOf(url) };
    return createOperation(api, complete, submission.judge(complete));
  };
  try {
    return open(await api.change(method, path, change));
  } catch (error) {
    if (!Kappa4Error.is(error) || error.outcome !== "unknown") throw error;
    api.logger.warn(
      { connection: api.connection, operation: token.verb, target: token.guest },
      "The answer to a change was lost; looking for its operation",
    );
    return open(await findLost(api, submission, error));
  }
}

/** Finds the operation of a change whose answer was lost; undefined when only its effect is to be seen. */
async function findLost<Kind extends Token, Result>(
  api: LxdApi,
  submission: Submission<Kind, Result>,
  cause: Kappa4Error,
): Promise<OperationUrl | undefined> {
  const { token, signal, description, known } = submission;
  const info = { operation: token.verb, target: token.guest, signal };
  const judge = submission.judge(token);
  for (let look = 1; ; look += 1) {
    try {
      const operations = await api.operations(info);
      const mine = operations.find(
        (operation) =>
          instancesOf(operation).includes(token.guest) &&
          description.test(operation.description ?? "") &&
          !known?.has(operation.id),
      );
      if (mine !== undefined) {
        return { path: `/1.0/operations/${mine.id}`, query: { project: api.project } };
      }
      const verdict = await judge({ state: "gone" }, { signal, mayRepair: false });
      if (verdict.error === undefined) return undefined;
    } catch (error) {
      // While nobody answers nothing is known; what is thrown in the end says so.
      if (!isLineError(error)) throw error;
    }
    if (look === LOOKS) throw notFound(api, token, cause);
    await api.clock.sleep(LOOK_EVERY_MS, signal);
  }
}

function notFound(api: LxdApi, token: Token, cause: Kappa4Error): Kappa4Error {
  return new Kappa4Error(
    cause.code,
    `The answer to ${nameOf(api, token)} was lost, and neither its operation nor its effect is to be seen; look at it before trying again.`,
    { cause, outcome: "unknown", context: contextOfToken(api, token) },
  );
}

function textOf(url: OperationUrl): string {
  const search = new URLSearchParams(url.query).toString();
  return search === "" ? url.path : `${url.path}?${search}`;
}
