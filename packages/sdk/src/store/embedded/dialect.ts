import {
  AbortedTransactionError,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type DialectAdapter,
  type Driver,
  PGliteAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from "kysely";
import { decode, encode } from "../decode.ts";
import type { Rows } from "./messages.ts";
import type { StoreThread } from "./thread.ts";
import type { Turnstile } from "./turnstile.ts";

/** Lets kysely speak to the thread of the embedded store. */
export function embeddedDialect(thread: StoreThread, turnstile: Turnstile): Dialect {
  return {
    createAdapter: (): DialectAdapter => new EmbeddedAdapter(),
    createDriver: () => new EmbeddedDriver(thread, turnstile),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

/** Sends one statement, or several where there are no parameters, and returns the decoded rows. */
export async function send(
  thread: StoreThread,
  sql: string,
  parameters?: readonly unknown[] | undefined,
): Promise<{ readonly command: string; readonly rowCount: number; readonly rows: object[] }> {
  const texts = parameters?.map(encode);
  const answer = await thread.ask({ kind: "query", sql, parameters: texts });
  const { command, rowCount, fields, rows } = answer as Rows;
  const named = (row: Rows["rows"][number]): object =>
    Object.fromEntries(fields.map(({ name, oid }, at) => [name, decode(oid, row[at] ?? null)]));
  return { command, rowCount, rows: rows.map(named) };
}

/** There is one session, and the turnstile hands it out: kysely's own queue before it would hide who waits for whom. */
class EmbeddedAdapter extends PGliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

class EmbeddedDriver implements Driver {
  readonly #thread: StoreThread;
  readonly #turnstile: Turnstile;

  constructor(thread: StoreThread, turnstile: Turnstile) {
    this.#thread = thread;
    this.#turnstile = turnstile;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return new EmbeddedConnection(this.#thread, await this.#turnstile.enter());
  }

  async beginTransaction(
    connection: DatabaseConnection,
    { isolationLevel, accessMode }: TransactionSettings,
  ): Promise<void> {
    const level = isolationLevel === undefined ? "" : ` isolation level ${isolationLevel}`;
    await run(connection, `begin${level}${accessMode === undefined ? "" : ` ${accessMode}`}`);
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    const command = await run(connection, "commit");
    // PostgreSQL answers a commit of a failed transaction with what it did instead.
    if (command === "ROLLBACK") throw new AbortedTransactionError();
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // Nothing is left to undo, and the caller is to hear what became of the commit.
    if (this.#thread.hasEnded) return;
    await run(connection, "rollback");
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    if (connection instanceof EmbeddedConnection) connection.release();
  }

  async destroy(): Promise<void> {
    await this.#thread.close();
  }
}

class EmbeddedConnection implements DatabaseConnection {
  readonly #thread: StoreThread;
  readonly release: () => void;

  constructor(thread: StoreThread, release: () => void) {
    this.#thread = thread;
    this.release = release;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, rowCount } = await send(this.#thread, sql, parameters);
    return { rows: rows as R[], numAffectedRows: BigInt(rowCount) };
  }

  async execute(sql: string): Promise<string> {
    return (await send(this.#thread, sql)).command;
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query);
  }
}

async function run(connection: DatabaseConnection, sql: string): Promise<string> {
  return connection instanceof EmbeddedConnection ? connection.execute(sql) : "";
}
