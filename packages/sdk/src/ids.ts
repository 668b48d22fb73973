import { Kappa4Error } from "@kappa4/connectors";

/** What an id is of: the part before the underscore. */
export const ID_PREFIXES = [
  "org",
  "prj",
  "usr",
  "rol",
  "grt",
  "con",
  "pln",
  "apr",
  "run",
  "sch",
  "evt",
  "aud",
] as const;

/** One of {@link ID_PREFIXES}. */
export type IdPrefix = (typeof ID_PREFIXES)[number];

declare const OF: unique symbol;

/** An id as everybody outside the store sees it, for example `org_01kan4v0s7e8btf8x0000002gr` (TypeID). */
export type Id<Prefix extends IdPrefix = IdPrefix> = `${Prefix}_${string}` & {
  readonly [OF]: Prefix;
};

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const SUFFIX = /^[0-7][0-9abcdefghjkmnpqrstvwxyz]{25}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Makes an id that sorts by the time at which it was made.
 *
 * @param now - milliseconds since 1970. Default: the machine's clock.
 * @param random - a number from 0 to below 1, asked ten times. Default: the machine's secure source.
 */
export function newId<Prefix extends IdPrefix>(
  prefix: Prefix,
  now: number = Date.now(),
  random: () => number = secureRandom,
): Id<Prefix> {
  const bytes = Array.from({ length: 10 }, () => Math.floor(random() * 256));
  const chance = BigInt(`0x${bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("")}`);
  // RFC 9562, section 5.7: 48 bits of time, version 7, 12 bits of chance, variant 2, 62 bits of chance.
  const high = (BigInt(Math.floor(now)) << 16n) | 0x7000n | (chance >> 68n);
  const low = (2n << 62n) | (chance & 0x3fff_ffff_ffff_ffffn);
  return toText(prefix, (high << 64n) | low);
}

/** Returns the text as an id of that kind. Throws `invalid_argument` when it is none. */
export function parseId<Prefix extends IdPrefix>(prefix: Prefix, text: string): Id<Prefix> {
  if (isId(prefix, text)) return text;
  throw new Kappa4Error(
    "invalid_argument",
    `That is no id of this kind: it begins with ${prefix}_ and has 26 letters and digits after it.`,
  );
}

/** Tells whether a text is an id of that kind. */
export function isId<Prefix extends IdPrefix>(prefix: Prefix, text: string): text is Id<Prefix> {
  return text.startsWith(`${prefix}_`) && SUFFIX.test(text.slice(prefix.length + 1));
}

/** Returns the UUID that stands for an id in the store. Throws `invalid_argument`. */
export function toUuid(id: Id): string {
  const suffix = id.slice(id.lastIndexOf("_") + 1);
  if (!SUFFIX.test(suffix)) throw new Kappa4Error("invalid_argument", "That is no id.");
  const bits = [...suffix].reduce((sum, digit) => sum * 32n + BigInt(ALPHABET.indexOf(digit)), 0n);
  const hex = bits.toString(16).padStart(32, "0");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Returns the id for a UUID of the store. Throws `invalid_argument`. */
export function fromUuid<Prefix extends IdPrefix>(prefix: Prefix, uuid: string): Id<Prefix> {
  if (!UUID.test(uuid)) throw new Kappa4Error("invalid_argument", "That is no UUID.");
  return toText(prefix, BigInt(`0x${uuid.replaceAll("-", "")}`));
}

function toText<Prefix extends IdPrefix>(prefix: Prefix, bits: bigint): Id<Prefix> {
  const digits = Array.from({ length: 26 }, (_, at) => (bits >> BigInt((25 - at) * 5)) & 31n);
  const suffix = digits.map((digit) => ALPHABET.charAt(Number(digit))).join("");
  return `${prefix}_${suffix}` as Id<Prefix>;
}

function secureRandom(): number {
  return (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32;
}
