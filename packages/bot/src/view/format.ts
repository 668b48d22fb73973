/** Writes a fraction as a whole percentage: `0.914` becomes `91 %`. */
export function percent(fraction: number): string {
  return `${Math.round(fraction * 100)} %`;
}

/** Writes percentage points with one decimal where it tells something: `19`, `0.4`. */
export function points(value: number): string {
  const rounded = value < 10 ? Math.round(value * 10) / 10 : Math.round(value);
  return String(rounded);
}

/** Writes bytes in the binary unit that leaves one to four digits: `12 GiB`, `1.5 TiB`. */
export function bytes(value: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;
  let rest = value;
  let index = 0;
  while (rest >= 1024 && index < units.length - 1) {
    rest /= 1024;
    index += 1;
  }
  const digits = index === 0 || rest >= 10 ? 0 : 1;
  return `${Number(rest.toFixed(digits))} ${units[index] ?? "B"}`;
}

/** Writes seconds the way people say them: `41 s`, `6 min 10 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return join(`${minutes} min`, whole % 60, "s");
  return join(`${Math.floor(minutes / 60)} h`, minutes % 60, "min");
}

/** Writes the time of day in UTC: `14:32 UTC`. */
export function clockTime(time: Date): string {
  return `${time.toISOString().slice(11, 16)} UTC`;
}

/** Writes a number with the right form of its noun: `1 move`, `5 moves`. */
export function count(value: number, one: string, many: string): string {
  return `${value} ${value === 1 ? one : many}`;
}

/** Writes a change, or the one value when nothing changed: `71 → 19`, `4`. */
export function change(before: string, after: string): string {
  return before === after ? after : `${before} → ${after}`;
}

/** Writes names as a sentence would: `pve1, pve2 and 3 more`. */
export function names(all: readonly string[], most: number): string {
  if (all.length <= most) return all.join(", ");
  return `${all.slice(0, most).join(", ")} and ${all.length - most} more`;
}

/** Begins a sentence: the first letter becomes a capital. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function join(large: string, rest: number, unit: string): string {
  return rest === 0 ? large : `${large} ${rest} ${unit}`;
}
