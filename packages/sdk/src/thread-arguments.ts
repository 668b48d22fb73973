/** What of a process a further thread needs and has a value: how packages are found, what is loaded before anything. */
const VALUED =
  /^(--conditions|-C|--disable-warning|--import|--require|-r|--loader|--experimental-loader)(=|$)/;
/** The same, for what is on or off. */
const PLAIN = /^(--enable-source-maps|--no-warnings|--preserve-symlinks)$/;

/**
 * Returns the arguments of Node for a further thread. Left alone it takes all those of the process, and does not start
 * at all when one of them is for the process alone: a program given as text, a limit of the engine, a debugger.
 */
export function threadArguments(given: readonly string[] = process.execArgv): string[] {
  return given.filter((argument, at) => {
    const before = given[at - 1] ?? "";
    const isValue = VALUED.test(before) && !before.includes("=");
    return isValue || VALUED.test(argument) || PLAIN.test(argument);
  });
}
