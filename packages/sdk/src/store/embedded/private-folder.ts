import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  statSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { Kappa4Error, type Logger } from "@kappa4/connectors";

/** The folder of the database within the store's folder. */
export const DATA_FOLDER = "data";
/** The file beside it that names who has the store open. */
export const HOLDER_FILE = "holder.json";
/** What a mode says of the owner. */
export const OWNER_MODE = 0o700;
/** What a mode says of everybody but the owner. */
export const OTHERS_MODE = 0o077;

/** A disk of its own has the last one as well. */
const OURS = new Set([DATA_FOLDER, HOLDER_FILE, "lost+found"]);

/**
 * Makes the folder of a store for the user of this process alone, and closes it again where others got into it since:
 * rows are a whole organisation's, and whoever can write them can approve anything. A folder that holds other things
 * too stays as it is, only the database within it is closed. On Windows a folder has the rights of the one above it.
 * Throws `permission` when the folder is another user's or cannot be written, `invalid_argument` when it can be none.
 */
export function makePrivate(folder: string, logger: Logger | undefined): void {
  if (!existsSync(folder)) {
    make(folder);
    return;
  }
  if (!statSync(folder).isDirectory()) throw cannotBeMade(folder, "it is a file");
  if (process.platform === "win32") return;
  mustBeReachable(folder);
  const isOursAlone = readdirSync(folder).every((name) => OURS.has(name));
  if (isOursAlone) close(folder, logger);
  const data = join(folder, DATA_FOLDER);
  if (existsSync(data) && close(data, logger)) closeFiles(data);
}

function make(folder: string): void {
  try {
    mkdirSync(dirname(folder), { recursive: true });
    mkdirSync(folder, { mode: OWNER_MODE });
  } catch (error) {
    // Another process that starts in this moment may have been faster.
    if (isCode(error, "EEXIST") && existsSync(folder)) return;
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw cannotBeMade(folder, REASONS[code] ?? `the system says ${code}`, error);
  }
}

/** Why a folder cannot be made, by what the system calls it. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: "this user may not write above it",
  EEXIST: "a part of the path is a file",
  ENOENT: "nothing can be made above it",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of the path is a file",
  EPERM: "nothing may be made above it",
  EROFS: "the disk is read-only",
};

function cannotBeMade(folder: string, reason: string, cause?: unknown): Kappa4Error {
  return new Kappa4Error(
    "invalid_argument",
    `The store's folder ${folder} cannot be made: ${reason}; name another folder.`,
    { cause, context: { operation: "open", target: folder } },
  );
}

function mustBeReachable(folder: string): void {
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const what =
      statSync(folder).uid === process.getuid?.()
        ? "cannot be written, though the folder is this user's own; look at its mode, its attributes (lsattr) and whether the disk is read-only"
        : "belongs to another user; start the program as that one, or name another folder";
    throw new Kappa4Error("permission", `The store in ${folder} ${what}.`, {
      cause: error,
      context: { operation: "open", target: folder },
    });
  }
}

/** Returns whether it was open to others, and says so. */
function close(folder: string, logger: Logger | undefined): boolean {
  const { mode } = statSync(folder);
  if ((mode & OTHERS_MODE) === 0) return false;
  try {
    chmodSync(folder, mode & OWNER_MODE);
  } catch (error) {
    if (!isCode(error, "EPERM")) throw error;
    logger?.warn(
      { folder },
      "The folder of the store is open to other users and belongs to somebody else; have its owner close it with chmod 700.",
    );
    return false;
  }
  logger?.warn(
    { folder, mode: (mode & 0o777).toString(8) },
    "The folder of the store was open to other users of this machine and has been closed.",
  );
  return true;
}

function closeFiles(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const path = join(folder, name);
    const found = lstatSync(path);
    if (!found.isSymbolicLink()) chmodSync(path, found.mode & OWNER_MODE);
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
