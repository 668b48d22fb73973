// Loaded before a writer: keeps, of each file that is synced, what it held at that moment. That is what a disk that
// loses its power is sure to have; the rest may be there or not.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { dirname, join, relative } from "node:path";

const shadow = process.env.KAPPA4_SHADOW ?? "";
const drops = process.env.KAPPA4_SHADOW_DROPS === "yes";
const data = fs.realpathSync(join(dirname(shadow), "store", "data"));
const { openSync, fsyncSync } = fs;
/** What was opened last as each descriptor. */
const paths = new Map<number, string>();

fs.openSync = (path, flags, mode) => {
  const descriptor = openSync(path, flags, mode);
  paths.set(descriptor, String(path));
  return descriptor;
};

fs.fsyncSync = (descriptor) => {
  // As if the database did not sync at all, to see that such a loss would be noticed.
  if (drops) return;
  fsyncSync(descriptor);
  const opened = paths.get(descriptor);
  if (opened === undefined) throw new Error(`Nobody saw descriptor ${descriptor} being opened.`);
  // The folder for temporary files may be reached by a link, and not everybody who opens a file goes by it.
  const path = fs.realpathSync(opened);
  const inside = relative(data, path);
  if (inside.startsWith("..")) return;
  const kept = join(shadow, inside);
  if (fs.fstatSync(descriptor).isDirectory()) forgetRemoved(path, kept);
  else keep(path, kept);
};
syncBuiltinESMExports();

/** Replaced as a whole: a kill in the middle of a copy is no power loss. */
function keep(path: string, kept: string): void {
  fs.mkdirSync(dirname(kept), { recursive: true });
  fs.copyFileSync(path, `${kept}.copying`);
  fs.renameSync(`${kept}.copying`, kept);
}

/** What was removed or renamed is so for good once the folder is synced. */
function forgetRemoved(path: string, kept: string): void {
  if (!fs.existsSync(kept)) return;
  const there = new Set(fs.readdirSync(path));
  for (const name of fs.readdirSync(kept)) {
    if (!there.has(name)) fs.rmSync(join(kept, name), { recursive: true });
  }
}
