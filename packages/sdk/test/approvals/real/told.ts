import type { ApprovalView } from "../../../src/actions/answers.ts";
import type { Try } from "./trials.ts";

/** What an answer says. */
export interface Told {
  /** Of the approval; undefined where the answer does not say. */
  readonly state: string | undefined;
  readonly approval: string | undefined;
  readonly risk: number | undefined;
}

/** An answer as it goes over a line: a field that is undefined is none. */
export function asTold(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** Whether an answer says that work is on its way. */
export function hasStarted(value: unknown): boolean {
  return Object(value).state === "started";
}

/** Reads what an answer says of the approval. */
export function toldIn(what: Try, value: unknown): Told {
  const { state, approval } = value as { readonly state: string; readonly approval?: ApprovalView };
  const { id, risk } = approval ?? {};
  if (what === "cancel") return { state: undefined, approval: undefined, risk: undefined };
  if (state === "started") return { state: "approved", approval: id, risk };
  return {
    state: state === "waiting" ? "pending" : (approval?.state ?? state),
    approval: id,
    risk,
  };
}
