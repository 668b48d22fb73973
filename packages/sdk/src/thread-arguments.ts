/** What of a process a further thread needs: how packages are found, and how much Node says. */
const WANTED = /^(--conditions|-C|--enable-source-maps|--no-warnings|--disable-warning)(=|$)/;

/**
 * Returns the arguments of Node for a further thread. Left alone it takes all those of the process, and does not start
 * at all when one of them is for the process alone: a program given as text, a limit of the engine, a debugger.
 */
export function threadArguments(given: readonly string[] = process.execArgv): string[] {
  return given.filter((argument, at) => {
    const isValue = /^(--conditions|-C|--disable-warning)$/.test(given[at - 1] ?? "");
    return isValue || WANTED.test(argument);
  });
}
