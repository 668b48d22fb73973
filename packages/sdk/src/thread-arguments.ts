/** What makes sense for the first thread only: what it runs, and how that is to be read. */
const OF_THE_FIRST = /^(--input-type|--eval|--print|-e|-p|-pe|--test|--watch|--inspect)/;

/**
 * Returns the arguments of Node for a further thread. It takes those of the process unless told otherwise, and a
 * program that was given as text would keep every thread from starting.
 */
export function threadArguments(given: readonly string[] = process.execArgv): string[] {
  return given.filter((argument, at) => {
    const isText = /^(--eval|--print|-e|-p|-pe)$/.test(given[at - 1] ?? "");
    return !isText && !OF_THE_FIRST.test(argument);
  });
}
