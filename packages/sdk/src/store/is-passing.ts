import { Kappa4Error } from "@kappa4/connectors";

/** The line to a server, and a server that has no time just now; see PostgreSQL's appendix A. */
const PASSING_CLASSES = new Set(["08", "40", "53", "57"]);
/** The server has ended a transaction in which nothing happened for too long. */
const IDLE = "25P03";
/** What the system says of a line; about a file it says other things. */
const LINE = /^(ECONN[A-Z]+|EPIPE|ETIMEDOUT|EHOST[A-Z]+|ENET[A-Z]+|ENOTFOUND|EAI_AGAIN)$/;
/** What pg says in words alone. */
const PASSING_WORDS =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded)/;

/** What is done with the store, as its explained errors name it. */
export type StoreOperation = "open store" | "use store";

/** Tells whether what the store threw is trouble of the moment: the same transaction may go through a little later. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // One of ours about the store says what it was made of; those about other systems are not the store's trouble.
  if (Kappa4Error.is(error)) {
    return isStoreOperation(error.context.operation) && isPassing(error.cause);
  }
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (/^[0-9A-Z]{5}$/.test(code)) {
    return code === IDLE || PASSING_CLASSES.has(code.slice(0, 2));
  }
  // A server on this machine may be reached by a file, too.
  const isConnecting = "syscall" in error && error.syscall === "connect";
  return isConnecting || LINE.test(code) || PASSING_WORDS.test(error.message);
}

function isStoreOperation(operation: string | undefined): boolean {
  return (["open store", "use store"] satisfies StoreOperation[]).some((one) => one === operation);
}
