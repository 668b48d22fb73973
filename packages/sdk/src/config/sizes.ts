import { z } from "zod";

const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};
const SIZE = /^(\d+(?:\.\d+)?) ?(B|[KMGT]i?B)$/;

/** Accepts a number of bytes, or a text with a unit such as `4 GiB` (powers of 1024) or `1.5 GB` (powers of 1000). */
export const byteSize: z.ZodType<number, number | string> = z
  .union([
    z.number().nonnegative(),
    z.string().regex(SIZE, "must be a size such as `4 GiB`, or bytes"),
  ])
  .transform(toBytes);

function toBytes(size: number | string): number {
  if (typeof size === "number") return size;
  const [, amount = "0", unit = "B"] = SIZE.exec(size) ?? [];
  return Math.round(Number(amount) * (UNITS[unit] ?? 1));
}
