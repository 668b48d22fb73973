import { Kappa4Error } from "@kappa4/connectors";
import type { Kysely } from "kysely";
import type { Database } from "../engine.ts";
import { onPlatform, untyped } from "../transaction.ts";
import { mustHaveNoOpenRuns } from "./open-runs.ts";
import { Digester, readRows, settleFormats } from "./rows.ts";
import { type Transferable, transferables } from "./tables.ts";
import { fill } from "./target.ts";

/** What was copied: rows by table, tables without any left out. */
export type Copied = Readonly<Record<string, number>>;

/** Is told how far a transfer is. */
export type OnProgress = (sentence: string) => void;

/**
 * Copies every row of a store into an empty one and compares them, row for row, before either is let go. Throws
 * `failed_precondition` when the target is not empty or runs are not over, `internal` when a row arrived otherwise than it left; nothing
 * is kept of what was copied then.
 */
export async function moveRows(
  source: Database,
  target: Database,
  onProgress: OnProgress,
): Promise<Copied> {
  return fromSnapshot(source, async (from, sources) => {
    await mustHaveNoOpenRuns(from);
    return fill(target, async ({ tables, write, digest }) => {
      const copied: Record<string, number> = {};
      mustAgree(sources, tables);
      for (const table of sources) {
        const digester = new Digester();
        for await (const rows of readRows(from, table)) {
          await write(table, rows);
          digester.add(rows);
          if (digester.rows % 10_000 === 0)
            onProgress(`${table.name}: ${digester.rows} rows so far`);
        }
        const sent = digester.end();
        if (sent.rows === 0) continue;
        mustEqual(table, sent, await digest(table));
        copied[table.name] = sent.rows;
        onProgress(`${table.name}: ${sent.rows} rows, each compared`);
      }
      return copied;
    });
  });
}

/** Reads a store as it is at one moment, across organisations. */
export function fromSnapshot<T>(
  source: Database,
  work: (db: Kysely<never>, tables: readonly Transferable[]) => Promise<T>,
): Promise<T> {
  return onPlatform(
    source,
    async ({ db }) => {
      const plain = untyped(db);
      await settleFormats(plain);
      return work(plain, await transferables(plain));
    },
    "repeatable read",
  );
}

/** Throws `internal` when what arrived is not what was sent. */
export function mustEqual(
  { name }: Transferable,
  sent: { readonly rows: number; readonly sha256: string },
  arrived: { readonly rows: number; readonly sha256: string },
): void {
  if (sent.rows === arrived.rows && sent.sha256 === arrived.sha256) return;
  throw new Kappa4Error(
    "internal",
    `${name} did not arrive as it was sent (${sent.rows} rows, ${arrived.rows} arrived); nothing was kept. Report this.`,
  );
}

/** Throws `failed_precondition` when the two sides are not of the same age. */
export function mustAgree(
  sources: readonly Transferable[],
  targets: readonly Transferable[],
): void {
  const shapeOf = (tables: readonly Transferable[]): string =>
    JSON.stringify(tables.map(({ name, columns }) => [name, columns]));
  if (shapeOf(sources) === shapeOf(targets)) return;
  throw new Kappa4Error(
    "failed_precondition",
    "The two stores are not of the same version of Kappa4; bring both up to date with kappa4 store migrate.",
  );
}
