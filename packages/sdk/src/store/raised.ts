import type { LogEvent } from "kysely";

const raised = new WeakSet<object>();

/** Remembers what a statement has failed with: kysely's `log`. */
export function noteRaised(event: LogEvent): void {
  const { level } = event;
  if (level === "error" && Object(event.error) === event.error) raised.add(Object(event.error));
}

/** Tells whether a statement has failed with this, and nobody else thrown it. */
export function isRaised(error: unknown): boolean {
  return typeof error === "object" && error !== null && raised.has(error);
}
