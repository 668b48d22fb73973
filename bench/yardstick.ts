const SLOTS = 1 << 16;
const STEPS = 4_000_000;

/**
 * A fixed piece of work of the kind that a planner does: dependent reads and writes in arrays of numbers, a
 * comparison, a multiplication. Times as multiples of it can be compared between machines and days.
 *
 * @returns how long it took, in milliseconds.
 */
export function runYardstick(): number {
  const startedAt = performance.now();
  const loads = new Float64Array(SLOTS).fill(1);
  const heads = Int32Array.from({ length: SLOTS }, (_, index) => (index * 40_503) % SLOTS);
  let at = 1;
  let sum = 0;
  for (let step = 0; step < STEPS; step++) {
    at = (heads[at] ?? 0) ^ (step & 255);
    const load = loads[at] ?? 0;
    sum += load > 1.5 ? load : 0.5;
    loads[at] = load * 0.75 + 0.5;
    heads[(at + step) & (SLOTS - 1)] = (Math.imul(at, 1_664_525) + step) & (SLOTS - 1);
  }
  if (!Number.isFinite(sum)) throw new Error("the yardstick is bent");
  return performance.now() - startedAt;
}
