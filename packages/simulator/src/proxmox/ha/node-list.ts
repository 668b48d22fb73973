/** Writes `a:2,b`; a priority of 0 is left out. */
export function nodesText(nodes: ReadonlyMap<string, number>): string {
  return [...nodes].map(([name, priority]) => (priority ? `${name}:${priority}` : name)).join(",");
}

/** Reads `a:2,b`. */
export function parseNodes(text: string): ReadonlyMap<string, number> {
  return new Map(
    text
      .split(/[,; ]+/)
      .filter(Boolean)
      .map((part): [string, number] => {
        const [name = "", priority] = part.split(":");
        return [name, Number(priority ?? 0)];
      }),
  );
}
