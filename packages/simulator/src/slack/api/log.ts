import type { Fields } from "../json.ts";
import type { TokenKind } from "./method.ts";

/** One request of the app, as the log keeps it. */
export interface SlackCall {
  /** Milliseconds since the epoch on the workspace's clock. */
  readonly at: number;
  /** The Web API method, `response_url` or `upload`. */
  readonly method: string;
  /** The arguments with JSON texts parsed and without tokens. */
  readonly args: Fields;
  /** Undefined when no valid token came along. */
  readonly token: TokenKind | undefined;
  /** The HTTP status; undefined when the connection was cut before an answer. */
  readonly status: number | undefined;
  readonly ok: boolean;
  readonly error: string | undefined;
  readonly answer: Fields | undefined;
  /** Whether an injected fault shaped the answer. */
  readonly isFaulty: boolean;
  /** Whether the call had its effect, even if its answer was lost. */
  readonly isApplied: boolean;
}

/** Keeps every call in the order in which it was answered. */
export class CallLog {
  readonly #calls: SlackCall[] = [];

  add(call: SlackCall): void {
    this.#calls.push(call);
  }

  list(): readonly SlackCall[] {
    return [...this.#calls];
  }
}
