import type { SlackBlockFault } from "./blocks/checker.ts";
import type { Fields } from "./json.ts";

/** An `ok: false` answer of the Web API, thrown by whoever finds the reason. */
export class Refusal extends Error {
  readonly code: string;
  readonly details: Fields;

  constructor(code: string, details: Fields = {}) {
    super(code);
    this.name = "Refusal";
    this.code = code;
    this.details = details;
  }
}

/** Makes the refusal that lists the faults of blocks the way Slack words them. */
export function refuseFaults(code: string, faults: readonly SlackBlockFault[]): Refusal {
  const errors = faults.map((fault) => `${fault.message} [json-pointer:${fault.pointer}]`);
  return new Refusal(code, {
    errors,
    response_metadata: { messages: errors.map((error) => `[ERROR] ${error}`) },
  });
}
