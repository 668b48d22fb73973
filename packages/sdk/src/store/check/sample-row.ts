import { newId, toUuid } from "../../ids.ts";
import type { Column, Reference, Shape } from "./shape.ts";

/** A row, by the names of its columns. */
export type SampleRow = Readonly<Record<string, unknown>>;

/** The rows that were made for one organisation, by table. */
export type SampleRows = Map<string, SampleRow>;

/**
 * Makes a row that the table takes: as little as it asks for, with its references led to rows made before. `text` is
 * what its texts say; two rows of one organisation need different ones.
 */
export function sampleRow(
  shape: Shape,
  orgId: string,
  made: SampleRows,
  text = "probe",
): SampleRow {
  const keys = new Set([...shape.keys, ...shape.references.flatMap(({ columns }) => columns)]);
  const values = shape.columns
    .filter(({ name, isRequired, isWritable }) => isRequired || (isWritable && keys.has(name)))
    .map((column) => [column.name, sampleValue(shape, column, text)] as const);
  const links = shape.references.flatMap((reference) => linked(reference, made));
  return { ...Object.fromEntries([...values, ...links]), [shape.org]: orgId };
}

function linked({ table, columns, targets }: Reference, made: SampleRows): [string, unknown][] {
  const target = made.get(table);
  return columns.map((column, at) => [column, target?.[targets[at] ?? ""] ?? null]);
}

/** The same for every organisation but for ids: what is unique across them by mistake shows as a duplicate. */
function sampleValue({ choices }: Shape, { name, type }: Column, text: string): unknown {
  if (choices[name] !== undefined) return choices[name];
  switch (type) {
    case "uuid":
      return toUuid(newId("evt"));
    case "jsonb":
      return "[]";
    case "boolean":
      return false;
    case "timestamp with time zone":
      return new Date(0);
    case "smallint":
    case "integer":
    case "bigint":
      return 1;
    default:
      return name === "body" ? "{}" : text;
  }
}
