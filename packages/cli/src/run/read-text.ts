import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { configInvalid } from "@kappa4/sdk";
import type { CommandIo } from "../io.ts";

/** Beyond this it is not a file of ours, and reading it would only fill the memory. */
const MAX_BYTES = 256 * 1024 * 1024;

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "may not be read by this user; check its permissions",
  EISDIR: "is a folder, not a file",
  ENOENT: "does not exist; check the path",
  ENOTDIR: "does not exist; a part of the path is a file",
  EPERM: "may not be read by this user; check its permissions",
};

/** Reads the file that a flag names, or stdin for `-`. Throws `config_invalid` when that is not possible. */
export async function readText(path: string, flag: string, io: CommandIo): Promise<string> {
  if (path === "-") return io.stdin.text();
  try {
    const file = await open(resolve(io.cwd, path));
    try {
      const { size } = await file.stat();
      if (size > MAX_BYTES)
        throw refusal(flag, path, "is larger than 256 MiB; is it the right file?");
      return await file.readFile("utf8");
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unreadable(path, flag, error);
  }
}

/** The error to throw for a file that could not be opened or read: `config_invalid` where that is known. */
export function unreadable(path: string, flag: string, error: unknown): unknown {
  if (!(error instanceof Error) || !("code" in error) || error.name === "ConfigInvalidError") {
    return error;
  }
  const code = String(error.code);
  return refusal(flag, path, REASONS[code] ?? `cannot be read (${code})`);
}

function refusal(flag: string, path: string, reason: string): Error {
  return configInvalid("kappa4", [{ path: flag, message: `${path} ${reason}` }]);
}
