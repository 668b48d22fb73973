/** What the record calls a thing, by the beginning of its id. */
const NOUNS: ReadonlyMap<string, string> = new Map([
  ["usr", "user"],
  ["prj", "project"],
  ["pln", "plan"],
  ["apr", "approval"],
  ["run", "run"],
]);

/**
 * Names what a call was about by what came of it, for example `run:run_01kan4…` and `run:R-11CD`: what was typed may be
 * either of a thing's names, an address, or neither.
 */
export function targetsIn(output: unknown): readonly string[] {
  const { plan, approval, run } = Object(output);
  return [output, plan, approval, run].flatMap(namesOf);
}

/** By its id, and by what people say. */
function namesOf(thing: unknown): readonly string[] {
  const { id, shortId, email, name } = Object(thing);
  const noun = typeof id === "string" ? NOUNS.get(id.slice(0, id.indexOf("_"))) : undefined;
  if (noun === undefined) return [];
  const said: unknown = shortId ?? email ?? name;
  return [id, said].filter((one) => typeof one === "string").map((one) => `${noun}:${one}`);
}
