/** What must not be exceeded: the limit in whole amounts, or what is in use already where that is more. */
export function hardLimit(limit: number, used: number): number {
  return Math.max(Math.floor(limit), used);
}
