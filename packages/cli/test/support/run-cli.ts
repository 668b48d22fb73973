import { type Clock, systemClock } from "@kappa4/sdk";
import { type CommandIo, main } from "../../src/index.ts";

/** What a command line is run with. */
export interface RunOptions {
  readonly cwd?: string | undefined;
  /** Default: the machine's own. */
  readonly clock?: Clock | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** What a person types, or a pipe brings. */
  readonly stdin?: string | undefined;
  /** Whether stdin and the outputs are a terminal. Default false. */
  readonly isTerminal?: boolean | undefined;
  /** Whether nobody ever types anything. */
  readonly isSilent?: boolean | undefined;
  /** Receives the listener of Ctrl-C while there is one. */
  readonly onListen?: ((interrupt: () => void) => void) | undefined;
  /** Sees what is written as it is written. */
  readonly onWrite?: ((text: string) => void) | undefined;
}

/** What a command line left behind. */
export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process, with streams that remember. */
export async function runCli(
  words: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const { cwd = "/", env = {}, stdin = "", isTerminal = false } = options;
  const written = { stdout: "", stderr: "" };
  const lines = stdin === "" ? [] : stdin.split("\n");
  const output = (name: "stdout" | "stderr"): CommandIo["stdout"] => ({
    isTTY: isTerminal,
    columns: 100,
    rows: 40,
    write(text) {
      written[name] += text;
      options.onWrite?.(text);
    },
  });
  const line = (): Promise<string | undefined> =>
    options.isSilent === true ? new Promise(() => {}) : Promise.resolve(lines.shift());
  const code = await main(words, {
    stdout: output("stdout"),
    stderr: output("stderr"),
    stdin: { isTTY: isTerminal, text: async () => stdin, line },
    env: { LANG: "C.UTF-8", ...env },
    cwd,
    clock: options.clock ?? systemClock,
    onInterrupt(listener) {
      options.onListen?.(listener);
      return () => {};
    },
  });
  return { code, ...written };
}
