import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import type { HoleEdit, PlantedHole } from "./holes.ts";

const SOURCES = new URL("../../../packages/sdk/src/", import.meta.url);

/** Where the name of the hole that is open stands: all of them are planted, and the others do nothing. */
const OPEN = "kappa4HoleThatIsOpen";

/** Reads a source that is to have a hole. */
export function sourceOf({ file }: HoleEdit): string {
  return readFileSync(new URL(file, SOURCES), "utf8");
}

/**
 * Returns a source of the sdk with a hole in it, which does nothing until it is opened. Throws where the source has
 * changed so that it no longer fits.
 */
export function withHole(source: string, { file, from, to }: HoleEdit, name: string): string {
  const [before, after, ...more] = source.split(from);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`The hole "${name}" no longer fits: ${file} has to have once "${from}".`);
  }
  const isOpen = `globalThis.${OPEN} === ${JSON.stringify(name)}`;
  return `${before}(${isOpen} ? (${to}) : (${from}))${after}`;
}

/** Lets whatever this process imports from now on have holes; the files stay as they are. */
export function plant(holes: readonly PlantedHole[]): void {
  const sources = new Map<string, string>();
  for (const { name, edits } of holes) {
    for (const edit of edits) {
      const { href } = new URL(edit.file, SOURCES);
      sources.set(href, withHole(sources.get(href) ?? sourceOf(edit), edit, name));
    }
  }
  registerHooks({
    load(url, context, nextLoad) {
      const source = sources.get(url);
      if (source === undefined) return nextLoad(url, context);
      return { format: "module-typescript", source, shortCircuit: true };
    },
  });
}

/** Opens one hole, and closes the one before. */
export function openHole({ name }: PlantedHole): void {
  Object.assign(globalThis, { [OPEN]: name });
}
