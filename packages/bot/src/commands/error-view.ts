import { type ErrorCode, Kappa4Error } from "@kappa4/sdk";
import type { Block, View } from "../view/model.ts";

/** What helps beyond the message itself, where something does. */
const NEXT: Readonly<Partial<Record<ErrorCode, string>>> = {
  auth: "Check the credentials of the connection in the configuration.",
  auth_expired: "Give the connection fresh credentials in the configuration.",
  permission: "Give the account the missing privilege; `kappa4 doctor` lists them.",
  rate_limited: "Wait a minute and try again.",
  unavailable: "Try again in a moment.",
  network: "Check that the address is right and the system can be reached from here.",
  timeout: "Try again; if it happens often, the system is slow or far away.",
  internal: "Try again; if it happens again, the log has the details.",
};

/** Shows what went wrong, under which code, and what to do next. Errors that are not ours are not quoted. */
export function errorView(error: unknown): View {
  if (!Kappa4Error.is(error)) {
    return failure("Something went wrong inside Kappa4.", "internal", [], NEXT.internal);
  }
  const lines = [
    ...(error.outcome === "unknown"
      ? ["It is not known whether the change took effect: look before you try again."]
      : []),
    ...issueLines(error),
  ];
  return failure(error.message, error.code, lines, nextStep(error));
}

/** Ours says itself what to do next; what an outside system refused does not. */
function nextStep(error: Kappa4Error): string | undefined {
  const isOurs = error.context.connector === undefined;
  if (isOurs && (error.code === "permission" || error.code === "rate_limited")) return undefined;
  return NEXT[error.code];
}

function failure(
  message: string,
  code: ErrorCode,
  lines: readonly string[],
  next: string | undefined,
): View {
  const blocks: Block[] = [
    { kind: "text", tone: "bad", text: message },
    ...lines.map((text) => ({ kind: "text", text }) as const),
    ...(next === undefined ? [] : [{ kind: "text", text: next } as const]),
    // Who has typed something wrong is told what; the code would say less.
    ...(code === "invalid_argument" ? [] : [{ kind: "note", text: ["Code: ", { code }] } as const]),
  ];
  return { blocks };
}

/** Reads the `issues` of an error, of broken configuration for example; those the message names are left out. */
function issueLines(error: Kappa4Error): readonly string[] {
  if (!("issues" in error) || !Array.isArray(error.issues)) return [];
  const issues: readonly unknown[] = error.issues;
  return issues.flatMap((issue) => {
    if (typeof issue !== "object" || issue === null) return [];
    const path = "path" in issue ? String(issue.path) : "";
    const message = "message" in issue ? String(issue.message) : "";
    const line = path === "" ? message : `${path}: ${message}`;
    return error.message.includes(line) ? [] : [line];
  });
}
