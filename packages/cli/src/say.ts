import { clean } from "@kappa4/bot/terminal";
import type { OutputStream } from "./io.ts";

/**
 * Writes a line that no renderer has made. Names and messages come from clusters, files and the command line:
 * nothing in them may steer the terminal.
 */
export function say(stream: OutputStream, text: string): void {
  stream.write(`${clean(text)}\n`);
}
