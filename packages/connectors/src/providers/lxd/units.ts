// How LXD writes quantities in its configuration: "512MiB", "2GB", "50%", "4", "0-3,8".

const POWERS: Readonly<Record<string, number>> = {
  "": 1,
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  PB: 1e15,
  EB: 1e18,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
  PiB: 2 ** 50,
  EiB: 2 ** 60,
};

/** Reads an amount of bytes; a percentage is taken of `whole`. Undefined when it is absent or says nothing we know. */
export function parseBytes(text: string | undefined, whole: number): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*|%)\s*$/.exec(text ?? "");
  if (match === null) return undefined;
  const [, digits = "", unit = ""] = match;
  const amount = Number(digits);
  if (unit === "%") return Math.round((whole * amount) / 100);
  const power = POWERS[unit];
  return power === undefined ? undefined : Math.round(amount * power);
}

/** Counts the cores of `limits.cpu`, a number or a set; undefined when it is absent or unreadable. */
export function parseCores(text: string | undefined): number | undefined {
  const value = (text ?? "").trim();
  if (value === "") return undefined;
  if (/^\d+$/.test(value)) return Number(value) > 0 ? Number(value) : undefined;
  const cores = new Set<number>();
  for (const part of value.split(",")) {
    const match = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(part);
    if (match === null) return undefined;
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    if (last < first || last - first > 4096) return undefined;
    for (let core = first; core <= last; core += 1) cores.add(core);
  }
  return cores.size;
}

/** Splits the value of `user.kappa4.tags`. */
export function parseTags(text: string | undefined): readonly string[] {
  const words = (text ?? "").split(/[;,\s]+/).filter((word) => word !== "");
  return [...new Set(words)];
}
