import { type RawBuilder, sql } from "kysely";

/** Whether a text of a row is one of some: never where there are none, which `in ()` cannot say. */
export function isOneOf(text: RawBuilder<unknown>, some: readonly string[]): RawBuilder<boolean> {
  return sql<boolean>`${text} = any(${some}::text[])`;
}
