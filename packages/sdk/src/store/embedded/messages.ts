import type { Engine } from "./engine.ts";

/** What the thread of the embedded store is asked. */
export type Request =
  | {
      readonly kind: "query";
      readonly id: number;
      readonly sql: string;
      /** Texts; without them `sql` may be several statements. */
      readonly parameters?: readonly (string | null)[] | undefined;
    }
  | { readonly kind: "listen" | "unlisten"; readonly id: number; readonly channel: string }
  | { readonly kind: "syncs" | "dump" | "close"; readonly id: number };

/** What one statement gave: texts, to be decoded where they are used. */
export interface Rows {
  readonly command: string;
  readonly rowCount: number;
  readonly fields: readonly { readonly name: string; readonly oid: number }[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** What PostgreSQL says of an error; an Error itself would lose it between threads. */
export interface DatabaseFault {
  readonly message: string;
  readonly fields: Readonly<Record<string, string | undefined>>;
}

/** What the thread answers, and what it says unasked. */
export type Message =
  | { readonly kind: "ready" }
  /** The disk did not keep what was written: the thread ends with this. */
  | { readonly kind: "lost"; readonly reason: string }
  | { readonly kind: "notification"; readonly channel: string; readonly payload: string }
  | { readonly kind: "answer"; readonly id: number; readonly value: unknown }
  | { readonly kind: "fault"; readonly id: number; readonly fault: DatabaseFault };

/** Does what is asked, and puts what came of it into a message. */
export async function answerFrom(engine: Engine, request: Request): Promise<Message> {
  try {
    return { kind: "answer", id: request.id, value: await answer(engine, request) };
  } catch (error) {
    return { kind: "fault", id: request.id, fault: faultOf(error) };
  }
}

function answer(engine: Engine, request: Request): Promise<unknown> | unknown {
  switch (request.kind) {
    case "query":
      return engine.query(request.sql, request.parameters);
    case "listen":
      return engine.listen(request.channel);
    case "unlisten":
      return engine.unlisten(request.channel);
    case "syncs":
      return engine.syncs();
    case "dump":
      return engine.dump();
    case "close":
      return engine.close();
  }
}

const FIELDS = [
  "severity",
  "code",
  "detail",
  "hint",
  "where",
  "schema",
  "table",
  "column",
  "constraint",
];

function faultOf(error: unknown): DatabaseFault {
  const facts = Object(error) as Record<string, unknown>;
  const fields = Object.fromEntries(
    FIELDS.flatMap((name) => {
      const value = facts[name];
      return typeof value === "string" ? [[name, value] as const] : [];
    }),
  );
  return { message: error instanceof Error ? error.message : String(error), fields };
}
