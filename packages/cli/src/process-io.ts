import { createInterface } from "node:readline";
import type { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import type { CommandIo, OutputStream } from "./io.ts";

/** How a service manager asks to stop, and what a terminal says when it goes away. */
const FAREWELLS = ["SIGTERM", "SIGHUP"] as const;

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
    onInterrupt,
  };
}

/**
 * Every Ctrl-C counts. Only a person is impatient: a service manager and whoever passes its signal on say the same
 * thing several times, and none of them asks to leave moves behind.
 */
function onInterrupt(listener: () => void): () => void {
  let isAsked = false;
  const interrupt = (): void => {
    isAsked = true;
    listener();
  };
  const farewell = (): void => {
    if (!isAsked) interrupt();
  };
  process.on("SIGINT", interrupt);
  for (const signal of FAREWELLS) process.on(signal, farewell);
  return () => {
    process.off("SIGINT", interrupt);
    for (const signal of FAREWELLS) process.off(signal, farewell);
  };
}

/** Codes of an output whose reader is gone: a closed pipe, a closed terminal. */
const GONE: readonly (string | undefined)[] = ["EPIPE", "EIO"];

/** `kappa4 … | head` closes the pipe early: what is left to write is dropped, and work under way goes on. */
function output(
  stream: Writable & { isTTY?: boolean; columns?: number; rows?: number },
): OutputStream {
  let isOpen = true;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (!GONE.includes(error.code)) throw error;
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
