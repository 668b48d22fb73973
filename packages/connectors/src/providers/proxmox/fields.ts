import { z } from "zod";

// Proxmox VE does not check its own answers: numbers come as strings, flags as 0, 1, "1" or true, and a field
// may be of another type altogether after an upgrade. What is merely informative is then taken as absent.

/** A number, or a number in a string. */
export const figure: z.ZodType<number> = z.union([
  z.number(),
  z
    .string()
    .trim()
    .regex(/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/)
    .transform(Number),
]);

/** A number that may be missing or unreadable. */
export const optionalFigure: z.ZodType<number | undefined> = figure.optional().catch(undefined);

/** A text that may be missing or unreadable. */
export const optionalText: z.ZodType<string | undefined> = z
  .union([z.string(), z.number().transform(String)])
  .optional()
  .catch(undefined);

/** True for 1, "1", true and the words the API takes for it; false for all else, and when missing. */
export const flag: z.ZodType<boolean> = z
  .unknown()
  .optional()
  .transform((value) => ["1", "true", "yes", "on"].includes(String(value).toLowerCase()));

/** Splits a list as Proxmox VE writes them: by comma, semicolon or blank. */
export function splitList(text: string | undefined): readonly string[] {
  return (text ?? "").split(/[,;\s]+/).filter((part) => part !== "");
}

/** A property string such as `local:vm-1-disk-0,size=32G`; a part without a key is under `""`. */
export function parseProperties(text: string): ReadonlyMap<string, string> {
  const properties = new Map<string, string>();
  for (const part of text.split(",")) {
    const at = part.indexOf("=");
    if (at < 0) properties.set("", part.trim());
    else properties.set(part.slice(0, at).trim(), part.slice(at + 1).trim());
  }
  return properties;
}

const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  K: 1024,
  M: 1024 ** 2,
  G: 1024 ** 3,
  T: 1024 ** 4,
};

/** Reads a size such as `32G` or `528K` as bytes; undefined when it is none. */
export function parseSize(text: string | undefined): number | undefined {
  const [, digits, unit = ""] = /^(\d+(?:\.\d+)?)([KMGT]?)$/i.exec(text ?? "") ?? [];
  return digits === undefined ? undefined : Number(digits) * (UNITS[unit.toUpperCase()] ?? 1);
}
