const UNITS = [
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
] as const;

/** Says a duration in its largest whole unit: `2 h`, `90 min`, `10 s`. */
export function duration(ms: number): string {
  const [unit, size] = UNITS.find(([, size]) => ms >= size && ms % size === 0) ?? ["s", 1000];
  return `${Math.ceil(ms / size)} ${unit}`;
}
