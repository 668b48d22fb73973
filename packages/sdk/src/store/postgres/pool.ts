import type { Logger } from "@kappa4/connectors";
import { Client, Pool } from "pg";
import { decoder } from "../decode.ts";

/** Opens a pool of connections to PostgreSQL. */
export function openPool(url: string, logger: Logger | undefined, max = 10): Pool {
  const pool = new Pool({
    connectionString: url,
    max,
    types: decoder,
    application_name: "kappa4",
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
  });
  const tell = ({ message }: Error): void => {
    logger?.warn({ reason: message }, "A connection to the store was lost.");
  };
  // Without listeners a server that restarts ends this process. The pool has the word while a connection lies idle,
  // the connection itself while somebody uses it: its statement fails with the same reason.
  pool.on("error", tell);
  pool.on("connect", (client) => {
    client.on("error", () => {});
  });
  return pool;
}

/** How long a lost listener waits before it connects again, in milliseconds. */
const AGAIN_MS = 1000;

/**
 * Listens on a channel over a connection of its own, and connects again whenever that is lost; `onReconnect` is called
 * each time it listens, because what was sent in between is gone.
 */
export async function listenOnPostgres(
  url: string,
  channel: string,
  onPayload: (payload: string) => void,
  onReconnect: () => void,
  logger: Logger | undefined,
): Promise<() => Promise<void>> {
  let client: Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  async function connect(): Promise<void> {
    const next = new Client({ connectionString: url, keepAlive: true, application_name: "kappa4" });
    let isLost = false;
    const lose = (error?: Error): void => {
      if (isLost || isClosed) return;
      isLost = true;
      logger?.warn({ reason: error?.message }, "The store's notifications were cut off.");
      void next.end().catch(() => {});
      again();
    };
    next.on("error", lose);
    next.on("end", () => lose());
    next.on("notification", ({ payload }) => onPayload(payload ?? ""));
    await next.connect();
    await next.query(`listen ${next.escapeIdentifier(channel)}`);
    client = next;
    onReconnect();
  }

  function again(): void {
    timer = setTimeout(() => void connect().catch(again), AGAIN_MS);
  }

  await connect();
  return async () => {
    isClosed = true;
    clearTimeout(timer);
    await client?.end();
  };
}
