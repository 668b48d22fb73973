/** The line to a server, and a server that has no time just now; see PostgreSQL's appendix A. */
const PASSING_CLASSES = new Set(["08", "40", "53", "57"]);
/** The server has ended a transaction in which nothing happened for too long. */
const IDLE = "25P03";
/** What pg says in words alone. */
const PASSING_WORDS =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded)/;

/** Tells whether what the store threw is trouble of the moment: the same transaction may go through a little later. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (/^[0-9A-Z]{5}$/.test(code)) {
    return code === IDLE || PASSING_CLASSES.has(code.slice(0, 2));
  }
  return /^E[A-Z]+$/.test(code) || PASSING_WORDS.test(error.message);
}
