import { type ParseArgsConfig, type ParseArgsOptionsConfig, parseArgs } from "node:util";

type Flags<Options extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<ParseArgsConfig & { options: Options; strict: true }>
>["values"];

/** Reads the flags of a command. Throws RangeError that names the flag that was meant. */
export function readFlags<const Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Options,
): Flags<Options> {
  try {
    return parseArgs({ args: [...args], strict: true, allowPositionals: false, options }).values;
  } catch (error) {
    const unknown =
      error instanceof Error ? /^Unknown option '(-+[^']+)'/.exec(error.message) : null;
    const [, flag] = unknown ?? [];
    if (flag === undefined) throw error;
    const meant = Object.keys(options).find((name) => isNear(flag.replace(/^-+/, ""), name));
    const hint = meant === undefined ? "" : ` did you mean --${meant}?`;
    throw new RangeError(`Unknown option '${flag}';${hint} --help lists all.`, { cause: error });
  }
}

/** Whether two letters at most have to be put in, left out or replaced. */
function isNear(word: string, other: string, left: number = 2): boolean {
  if (left < 0) return false;
  if (word === "" || other === "") return word.length + other.length <= left;
  const [rest, otherRest] = [word.slice(1), other.slice(1)];
  if (word[0] === other[0]) return isNear(rest, otherRest, left);
  return (
    isNear(rest, other, left - 1) ||
    isNear(word, otherRest, left - 1) ||
    isNear(rest, otherRest, left - 1)
  );
}
