import {
  type ErrorCode,
  type ErrorContext,
  Kappa4Error,
  OperationFailedError,
  type Outcome,
} from "../../contract/errors.ts";
import { redactText } from "../../contract/secrets.ts";
import {
  contextOf,
  errorFromStatus,
  type HttpAnswer,
  nameRequest,
  type RequestInfo,
} from "../../transport/answers.ts";
import { envelopeSchema } from "./payloads.ts";

/** What a text of LXD or Incus means. */
export interface Meaning {
  readonly code: ErrorCode;
  /** What to do next, as the end of a sentence. */
  readonly advice: string;
}

/**
 * Reads a text of LXD or Incus. Both give no machine-readable reason, answer a user's mistake with 500 and a
 * member in maintenance with 403, so the text decides and the status is only asked when no text is known.
 */
function meaningOf(text: string): Meaning | undefined {
  const row = TEXTS.find(([pattern]) => pattern.test(text));
  return row === undefined ? undefined : { code: row[1], advice: row[2] };
}

/**
 * Makes the error that an answer means; undefined when the HTTP status is good. The server itself waits 10 s for
 * a member that is away, so that error is not retryable: the transport would only wait as long again.
 */
export function errorFromAnswer(answer: HttpAnswer, request: RequestInfo): Kappa4Error | undefined {
  const byStatus = errorFromStatus(answer, request);
  if (byStatus === undefined) return undefined;
  const text = errorTextOf(answer.text);
  const meaning = text === undefined ? undefined : meaningOf(text);
  if (text === undefined || text === "" || answer.status === 429) return byStatus;
  const options = { outcome: byStatus.outcome, context: contextOf(request) };
  const said = `${nameRequest(request)} was refused with "${clean(text)}"`;
  if (meaning !== undefined) {
    // A text that names the reason comes from a check before the work, unless the cluster was not itself.
    const away = MEMBER_AWAY.test(text);
    const unsure = meaning.code === "unavailable" && !away;
    const outcome = unsure ? options.outcome : "not_applied";
    const retryable = away ? false : undefined;
    return new Kappa4Error(meaning.code, `${said}; ${meaning.advice}.`, {
      ...options,
      outcome,
      retryable,
    });
  }
  if (answer.status > 500) return byStatus;
  if (answer.status < 500) {
    return new Kappa4Error(byStatus.code, `${said}; check what was asked for.`, options);
  }
  return new OperationFailedError(`${said}; look at the log of the cluster member.`, {
    ...options,
    retryable: !request.write,
    log: [clean(text)],
  });
}

/** Where an operation failed and what it left behind. */
export interface FailedOperation {
  /** For people: `migrate of c1 on "lab"`. */
  readonly name: string;
  readonly context: ErrorContext;
  readonly outcome: Outcome;
  /** Sentences on what was found afterwards. */
  readonly notes?: readonly string[] | undefined;
}

/** Makes the error of an operation that LXD accepted and that failed later. */
export function errorFromOperation(text: string, failed: FailedOperation): Kappa4Error {
  const meaning = meaningOf(text);
  const { name, context, outcome, notes = [] } = failed;
  const advice = meaning?.advice ?? "look at the log of the cluster member";
  const message = [`${name} failed with "${clean(text)}"; ${advice}.`, ...notes].join(" ");
  if (meaning === undefined) {
    return new OperationFailedError(message, { context, outcome, log: [clean(text)] });
  }
  return new Kappa4Error(meaning.code, message, { context, outcome });
}

/** Whether a failed state change says that the instance was in the wanted state already. */
export function isAlreadyInState(text: string): boolean {
  return /already (running|stopped)|is not running|not running/i.test(text);
}

/** Whether a refusal to move says that the instance must be stopped first. */
export function mustBeStopped(error: unknown): boolean {
  return Kappa4Error.is(error, "failed_precondition") && MUST_BE_STOPPED.test(error.message);
}

/** The provider's words, safe to show: one line, without query strings and secrets, not endless. */
export function clean(text: string): string {
  const line = redactText(text)
    .replaceAll(/\s+/g, " ")
    .replaceAll(/\?[^\s"']*/g, "")
    .replaceAll('"', "'")
    .trim()
    .replace(/[.;]+$/, "");
  return line.length > 300 ? `${line.slice(0, 300)}...` : line;
}

function errorTextOf(body: string): string | undefined {
  try {
    const envelope = envelopeSchema.safeParse(JSON.parse(body));
    return envelope.success ? (envelope.data.error ?? undefined) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const MEMBER_AWAY =
  /target (node|member|cluster member) is offline|unable to connect to|missing event connection|failed to connect to (destination|source|target) server|failed to connect to cluster member/i;
const MUST_BE_STOPPED = /must be stopped to be moved statelessly/i;

// Texts of LXD 5.0.2 and Incus 6.0.4; the first row that matches counts.
const TEXTS: readonly (readonly [RegExp, ErrorCode, string])[] = [
  [/client is already trusted/i, "already_exists", "nothing has to be done"],
  [
    /not authorized|permission denied|certificate is restricted/i,
    "permission",
    "trust the client certificate for this project",
  ],
  [/cluster member is evacuated/i, "unavailable", "restore the member or choose another one"],
  [MEMBER_AWAY, "unavailable", "wait until the cluster member is back or choose another one"],
  [
    /migration control|websocket: close|unexpected EOF|connection re(fused|set)|no route to host/i,
    "unavailable",
    "look whether both cluster members are up and try again",
  ],
  // A race in LXD 5.0 between connections to two members; it goes by itself.
  [/x509: certificate is valid for/i, "unavailable", "try again"],
  [
    /no available dqlite leader|database is locked|failed to (begin|fetch|create) (dqlite )?transaction|context deadline exceeded|daemon is (starting|shutting down)|not yet ready/i,
    "unavailable",
    "wait until the cluster has a quorum and try again",
  ],
  [MUST_BE_STOPPED, "failed_precondition", "stop it first"],
  [/target must be different/i, "failed_precondition", "it is there already"],
  [/instance has backups/i, "failed_precondition", "delete its backups first"],
  [
    /(instance|container) is protected/i,
    "failed_precondition",
    "unset security.protection.delete first",
  ],
  [/instance is running|must be stopped/i, "failed_precondition", "stop it first"],
  [
    /already (running|stopped|frozen|evacuated|restored)|is not running/i,
    "failed_precondition",
    "it is in that state already",
  ],
  [/only empty projects can be removed/i, "failed_precondition", "empty the project first"],
  [
    /is busy running|operation is already running|already in progress/i,
    "conflict",
    "wait until the other change has ended",
  ],
  [
    /reached maximum|exceed(s|ed)? (the )?(project )?limit|quota/i,
    "quota",
    "raise the project's limit or free some of it",
  ],
  [
    /no space left|not enough (space|memory)|cannot allocate memory/i,
    "capacity",
    "free space or choose another cluster member",
  ],
  [
    /entry already exists|unique constraint failed|already exists/i,
    "already_exists",
    "choose another name",
  ],
  [/etag|precondition failed/i, "precondition_failed", "read it again and repeat the change"],
  [
    /(requested )?profile .*doesn't exist|unknown (configuration|device) (key|option)|invalid .*name|invalid (device|config|value)|doesn't match instance type/i,
    "invalid_argument",
    "correct the settings",
  ],
  [
    /is not supported on this server|criu|isn't supported|not implemented/i,
    "unsupported",
    "this server cannot do that",
  ],
  [/can't be cancel(l)?ed/i, "unsupported", "wait until it ends"],
  [
    /not clustered|isn't part of a cluster/i,
    "failed_precondition",
    "point the connection at a cluster",
  ],
  [
    /not found|does not exist|doesn't exist|no such object|image not provided/i,
    "not_found",
    "check the name",
  ],
];
