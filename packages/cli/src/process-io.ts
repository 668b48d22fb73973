import { createInterface } from "node:readline";
import type { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import type { CommandIo, OutputStream } from "./io.ts";

/** Ctrl-C in a terminal, and how a service manager says the same. */
const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Makes the world of a command from the running process. */
export function processIo(): CommandIo {
  const { stdin, stdout, stderr, env } = process;
  return {
    stdout: output(stdout),
    stderr: output(stderr),
    stdin: { isTTY: stdin.isTTY, text: () => text(stdin), line: readLine },
    env,
    cwd: process.cwd(),
    clock: {
      now: Date.now,
      sleep: async (ms, signal) => (await import("@kappa4/sdk")).systemClock.sleep(ms, signal),
    },
    onInterrupt(listener) {
      for (const signal of SIGNALS) process.on(signal, listener);
      return () => {
        for (const signal of SIGNALS) process.off(signal, listener);
      };
    },
  };
}

/** `kappa4 … | head` closes the pipe early: what is left to write is dropped, and work under way goes on. */
function output(
  stream: Writable & { isTTY?: boolean; columns?: number; rows?: number },
): OutputStream {
  let isOpen = true;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    isOpen = false;
  });
  return {
    write: (chunk) => isOpen && stream.write(chunk),
    isTTY: stream.isTTY,
    columns: stream.columns,
    rows: stream.rows,
  };
}

async function readLine(): Promise<string | undefined> {
  const lines = createInterface({ input: process.stdin });
  try {
    for await (const line of lines) return line;
    return undefined;
  } finally {
    lines.close();
  }
}
