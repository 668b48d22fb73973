import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Dice } from "../../../packages/sdk/test/balancing/dice.ts";

/** A disk keeps or loses what was not synced in pieces of this many bytes: half a page of the database. */
const PIECE = 4096;

/**
 * Makes the folder that is found after a power loss: every file as it was when it was last synced, and of what was
 * written since, in `part` of the pieces, what the disk had got to by itself.
 */
export function losePower(
  written: string,
  synced: string,
  after: string,
  dice: Dice,
  part: number,
): void {
  cpSync(synced, after, { recursive: true, filter: (path) => !path.endsWith(".copying") });
  for (const file of filesIn(written)) {
    const [from, to] = [join(written, file), join(after, file)];
    if (existsSync(to) || dice.chance(part)) writeFileSync(to, mixed(from, to, dice, part));
  }
}

function mixed(from: string, to: string, dice: Dice, part: number): Buffer {
  const newer = readFileSync(from);
  const older = existsSync(to) ? readFileSync(to) : Buffer.alloc(0);
  mkdirSync(dirname(to), { recursive: true });
  if (newer.equals(older)) return older;
  // A file that grew or shrank is as long as it was, or as it is.
  const result = Buffer.alloc(dice.chance(part) ? newer.length : older.length || newer.length);
  for (let at = 0; at < result.length; at += PIECE) {
    const source = dice.chance(part) || at >= older.length ? newer : older;
    source.copy(result, at, at, Math.min(at + PIECE, result.length));
  }
  return result;
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => {
    const path = join(folder, name);
    return existsSync(path) && statSync(path).isFile();
  });
}

/** Removes a folder and what is in it. */
export function discard(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
