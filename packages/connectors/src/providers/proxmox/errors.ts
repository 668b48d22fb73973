import {
  type ErrorCode,
  Kappa4Error,
  OperationFailedError,
  type Outcome,
} from "../../contract/errors.ts";
import { type Hide, redactText } from "../../contract/secrets.ts";
import {
  contextOf,
  errorFromStatus,
  type HttpAnswer,
  nameRequest,
  type RequestInfo,
} from "../../transport/answers.ts";

/** One way in which Proxmox VE says no. */
interface Refusal {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  /** What to do next: the end of a sentence. */
  readonly advice: string;
  /** It may have been done all the same. Default false. */
  readonly isOpen?: boolean;
}

// There is no 404 and no 409: nearly everything is 500 with a text. The first row that fits wins.
const REFUSALS: readonly Refusal[] = [
  {
    pattern: /\b(VM|CT) is locked|can't lock file .* - got timeout|is already used by/i,
    code: "conflict",
    advice: "wait for the other work on it to end and try again",
  },
  {
    pattern: /no quorum|cluster not ready/i,
    code: "unavailable",
    advice: "bring enough nodes of the cluster back first",
  },
  {
    pattern: /ha groups have been migrated to rules/i,
    code: "unsupported",
    advice: "use HA rules instead",
  },
  {
    pattern: /in error state, must be disabled and fixed/i,
    code: "failed_precondition",
    advice: "disable the HA resource, fix it, and enable it again",
  },
  {
    pattern: /purge parameter not set|used in HA resources/i,
    code: "failed_precondition",
    advice: "take the guest out of HA first",
  },
  {
    pattern: /guest agent/i,
    code: "failed_precondition",
    advice: "switch the guest agent on in the guest's options, and run it in the guest",
  },
  {
    pattern: /storage '.*' is (not online|not active|disabled)|unable to activate storage/i,
    code: "failed_precondition",
    advice: "bring the storage back first",
  },
  {
    pattern: /only root/i,
    code: "permission",
    advice: "this takes the user root@pam with a password",
  },
  {
    pattern: /already (exists|used|in use)|name .* is already/i,
    code: "already_exists",
    advice: "choose another name or id",
  },
  {
    pattern: /no such (cluster )?node|hostname lookup '.*' failed/i,
    code: "not_found",
    advice: "check the node's name",
  },
  {
    pattern:
      /configuration file '.*' does not exist|unable to find configuration file|no such (vm|ct|task|resource|service|rule|pool)/i,
    code: "not_found",
    advice: "check that it still exists, and on which node",
  },
  {
    pattern:
      /(snapshot|storage|volume|pool) '.*' does not exist|no such (snapshot|storage|volume)/i,
    code: "not_found",
    advice: "check the name",
  },
  {
    pattern: /no space left|out of (disk )?space|not enough (free )?(disk )?(space|memory)/i,
    code: "capacity",
    advice: "make room or choose another place",
  },
  {
    pattern: /can't migrate|cannot migrate|is not available on (target )?node|no replication/i,
    code: "failed_precondition",
    advice: "remove what holds the guest back or choose another target",
  },
  {
    pattern: /not running|is running|already running|protection mode|is a template|can't .* while/i,
    code: "failed_precondition",
    advice: "bring the guest into the state that this needs",
  },
  {
    pattern: /not implemented|not available with api token|feature is not available/i,
    code: "unsupported",
    advice: "this version or this kind of login cannot do that",
  },
  {
    pattern: /got timeout|timeout after|timed out|can't connect to|connection (refused|reset)/i,
    code: "unavailable",
    advice: "what it needs does not answer; try again later",
    isOpen: true,
  },
];

const SECRET_FIELD = /pass|secret|token|ticket|otp|key/i;
const LONGEST_TEXT = 300;

/** Maps an answer of Proxmox VE to the error it means; undefined for a good one. `hide` knows our secrets. */
export function classifyAnswer(
  answer: HttpAnswer,
  request: RequestInfo,
  renewsAuthTickets: boolean,
  hide: Hide = redactText,
): Kappa4Error | undefined {
  const { status } = answer;
  if (status >= 200 && status < 300) return undefined;
  // An answer may repeat what it was sent. What is cut off before it is hidden would be half a secret.
  const text = shortened(hide(readText(answer)));
  if (status === 401) return unauthorized(request, renewsAuthTickets);
  if (status === 403) return forbidden(text, request);
  if (status === 400) return refused(text, request, "invalid_argument", "correct that");
  if (status === 500) return failed(text, request);
  if (status === 501) return refused(text, request, "unsupported", "this version cannot do that");
  if (status >= 595 && status <= 599) return proxyFailed(status, text, request);
  return errorFromStatus(answer, request);
}

/** Finds the code for a text of Proxmox VE, be it an answer or the end of a task. */
export function findRefusal(text: string): Omit<Refusal, "pattern"> | undefined {
  return REFUSALS.find(({ pattern }) => pattern.test(text));
}

function unauthorized(request: RequestInfo, renewsAuthTickets: boolean): Kappa4Error {
  // The wording changed between versions, and says nothing about the reason: every 401 is the same.
  const isLogin = request.path === "/access/ticket";
  const code = renewsAuthTickets && !isLogin ? "auth_expired" : "auth";
  const advice = isLogin
    ? "check user name, realm, password and second factor"
    : "check that the token or user exists, is enabled and has not expired";
  return new Kappa4Error(
    code,
    `${nameRequest(request)} was refused: the credentials are not accepted; ${advice}.`,
    { context: contextOf(request) },
  );
}

function forbidden(text: string, request: RequestInfo): Kappa4Error {
  const [, path, privilege] = /\(([^,()]+),\s*([\w.|]+)\)/.exec(text) ?? [];
  const missing =
    path === undefined || privilege === undefined
      ? `${text || "a privilege is missing"}; give the user or token the right to do it`
      : `the privilege ${privilege.replaceAll("|", " or ")} on ${path} is missing; give it to the user, and to the token if privileges are separated`;
  return new Kappa4Error("permission", `${nameRequest(request)} was refused: ${missing}.`, {
    context: contextOf(request),
  });
}

function failed(text: string, request: RequestInfo): Kappa4Error {
  // Nobody knows how far an unknown failure went, so a write has to be looked up.
  const open: Outcome = request.write ? "unknown" : "not_applied";
  const known = findRefusal(text);
  if (known !== undefined) {
    const outcome = known.isOpen === true ? open : "not_applied";
    return refused(text, request, known.code, known.advice, outcome);
  }
  // A refusal that no row above knows, or a hiccup; of a read the next answer tells which.
  return new OperationFailedError(
    `${nameRequest(request)} was refused: ${text || "no reason given"}; look at the log of the node.`,
    { outcome: open, retryable: !request.write, context: contextOf(request) },
  );
}

function proxyFailed(status: number, text: string, request: RequestInfo): Kappa4Error {
  // 595: no connection between the nodes; a certificate is checked before the request goes over.
  const neverSent = status === 595 || /certificate verify failed/i.test(text);
  const outcome: Outcome = request.write && !neverSent ? "unknown" : "not_applied";
  return refused(
    text || `no answer from the node (${status})`,
    request,
    "unavailable",
    "the node that this concerns cannot be reached from the one that was asked; check that it is up",
    outcome,
  );
}

function refused(
  text: string,
  request: RequestInfo,
  fallback: ErrorCode,
  advice: string,
  outcome: Outcome = "not_applied",
): Kappa4Error {
  const code = fallback === "invalid_argument" ? codeOfParameter(text) : fallback;
  return new Kappa4Error(
    code,
    `${nameRequest(request)} was refused: ${text || "no reason given"}; ${advice}.`,
    { outcome, context: contextOf(request) },
  );
}

function codeOfParameter(text: string): ErrorCode {
  if (/no such task/i.test(text)) return "not_found";
  if (/already exists|already used|in use/i.test(text)) return "already_exists";
  return "invalid_argument";
}

/** The body first: a reason phrase is lost behind proxies that speak HTTP/2. */
function readText(answer: HttpAnswer): string {
  const body = parseBody(answer.text);
  const main = firstLine(body?.message) || firstLine(answer.reason);
  const fields = Object.entries(body?.errors ?? {}).map(([name, text]) =>
    SECRET_FIELD.test(name) ? name : `${name}: ${firstLine(text)}`,
  );
  return fields.length === 0 ? main : fields.join(", ");
}

function shortened(text: string): string {
  return text.slice(0, LONGEST_TEXT).replace(/[.\s]+$/, "");
}

function parseBody(text: string): { message?: unknown; errors?: object } | undefined {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== "object" || body === null) return undefined;
    const errors = "errors" in body && typeof body.errors === "object" ? body.errors : null;
    return {
      ...("message" in body ? { message: body.message } : {}),
      ...(errors === null ? {} : { errors }),
    };
  } catch {
    // Empty bodies and HTML of proxies: the reason phrase has to do.
    return undefined;
  }
}

function firstLine(value: unknown): string {
  return typeof value === "string" ? (value.trim().split("\n")[0] ?? "") : "";
}
