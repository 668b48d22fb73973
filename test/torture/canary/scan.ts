import type { Canary } from "./canaries.ts";

/** A canary that was seen where it must not be. */
export interface Sighting {
  readonly canary: string;
  /** How it was written: `plain`, `base64`, … */
  readonly form: string;
  /** Where, as people say it. */
  readonly place: string;
  /** What stands around it, the canary itself left out. */
  readonly around: string;
}

interface Needle {
  readonly canary: string;
  readonly form: string;
  readonly bytes: Buffer;
}

/** Looks for canaries in whatever way they are written. */
export class Scanner {
  /** How many bytes were looked through. */
  bytes = 0;
  readonly forms: readonly string[];
  readonly #needles: readonly Needle[];

  constructor(canaries: readonly Canary[]) {
    this.#needles = canaries.flatMap(({ name, text }) =>
      [...formsOf(text)].map(([form, bytes]) => ({ canary: name, form, bytes })),
    );
    this.forms = [...new Set(this.#needles.map(({ form }) => form))];
  }

  /** Looks through a text that was put together from all its parts, so that no border hides anything. */
  look(place: string, content: string | Buffer): readonly Sighting[] {
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    this.bytes += bytes.length;
    return this.#needles.flatMap(({ canary, form, bytes: needle }) => {
      const at = bytes.indexOf(needle);
      if (at === -1) return [];
      const before = bytes.subarray(Math.max(0, at - 60), at).toString("latin1");
      const after = bytes.subarray(at + needle.length, at + needle.length + 30).toString("latin1");
      return [{ canary, form, place, around: `${before}<CANARY>${after}`.replaceAll(/\s+/g, " ") }];
    });
  }
}

/** How a text may be written; ways that are the same for this one are one. */
function formsOf(text: string): ReadonlyMap<string, Buffer> {
  const half = Math.floor(text.length / 2);
  const written: readonly (readonly [string, string | Buffer])[] = [
    ["plain", text],
    ["JSON", JSON.stringify(text).slice(1, -1)],
    ["JSON twice", JSON.stringify(JSON.stringify(text)).slice(3, -3)],
    ["URL", encodeURIComponent(text)],
    ["form", new URLSearchParams({ x: text }).toString().slice(2)],
    ["HTML", text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")],
    ["hexadecimal", Buffer.from(text).toString("hex")],
    ["hexadecimal, large", Buffer.from(text).toString("hex").toUpperCase()],
    ["UTF-16", Buffer.from(text, "utf16le")],
    ["backwards", [...text].reverse().join("")],
    ["halves swapped", text.slice(half) + text.slice(0, half)],
    ...[0, 1, 2].flatMap((offset) => [
      [`base64 at ${offset}`, base64Within(text, offset, "base64")] as const,
      [`base64url at ${offset}`, base64Within(text, offset, "base64url")] as const,
    ]),
  ];
  const seen = new Set<string>();
  return new Map(
    written.flatMap(([form, content]) => {
      const bytes = Buffer.from(content as string);
      const key = bytes.toString("latin1");
      if (seen.has(key)) return [];
      seen.add(key);
      return [[form, bytes] as const];
    }),
  );
}

/** The part of a base64 text that a text determines by itself when it begins so many bytes behind a group of three. */
function base64Within(text: string, offset: number, encoding: "base64" | "base64url"): string {
  const bytes = Buffer.from(text);
  const whole = Buffer.concat([Buffer.alloc(offset), bytes]).toString(encoding);
  const from = Math.ceil((offset * 8) / 6);
  const to = Math.floor(((offset + bytes.length) * 8) / 6);
  return whole.slice(from, to);
}
