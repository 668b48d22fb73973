/** The mean of ratios. */
export function geometricMean(values: readonly number[]): number {
  const sum = values.reduce((all, value) => all + Math.log(value), 0);
  return Math.exp(sum / values.length);
}

/** The exponent k of the best fit y = c x^k. */
export function slope(points: readonly { readonly x: number; readonly y: number }[]): number {
  const logs = points.map(({ x, y }) => ({ x: Math.log(x), y: Math.log(y) }));
  const mean = (of: (point: { x: number; y: number }) => number): number =>
    logs.reduce((sum, point) => sum + of(point), 0) / logs.length;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  const covariance = mean((point) => (point.x - x) * (point.y - y));
  return covariance / mean((point) => (point.x - x) ** 2);
}
