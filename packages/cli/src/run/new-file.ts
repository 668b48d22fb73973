import { randomUUID } from "node:crypto";
import { lstat, rename, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { configInvalid } from "@kappa4/sdk";
import type { CommandInput } from "../command.ts";

/** Returns the path of the file to write. Throws `config_invalid` when it is there already and `--force` is not given. */
export async function newFile({ positional = "", flags, io }: CommandInput): Promise<string> {
  const file = resolve(io.cwd, positional);
  if (flags.has("force") || !(await isThere(file))) return file;
  const message = `${positional} is there already; name another file, or replace it with --force`;
  throw configInvalid("kappa4", [{ path: "FILE", message }]);
}

/**
 * Writes a file under another name first: nobody ever reads half of it, and what fails leaves the old one. The name cannot
 * be guessed, so nothing lies there already, with rights or a link of somebody else's.
 */
export async function writeWhole(
  file: string,
  write: (partial: string) => Promise<void>,
): Promise<void> {
  const partial = `${file}.${randomUUID()}.partial`;
  try {
    await write(partial);
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

async function isThere(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}
