const POWERS: readonly string[] = ["", "K", "M", "G", "T"];
const SIZE = /^(\d+(?:\.\d+)?) ?([KMGT]?)(iB|B|)$/;

/**
 * Reads a size as people write it: `4 GiB` and `4G` in powers of 1024, `4 GB` in powers of 1000, `1024` in bytes.
 * Returns undefined for anything else.
 */
export function parseByteSize(text: string): number | undefined {
  const [matched, amount = "", power = "", unit] = SIZE.exec(text.trim()) ?? [];
  if (matched === undefined || (power === "" && unit === "iB")) return undefined;
  const exponent = POWERS.indexOf(power);
  const size = Number(amount) * (unit === "B" ? 1000 : 1024) ** exponent;
  return Number.isSafeInteger(Math.round(size)) ? Math.round(size) : undefined;
}
