// Loaded before a program: where the file that KAPPA4_SYNC_FAILS names is there, the next sync to disk fails and takes
// the file away. Once is the worst: a disk that says afterwards that all is well has forgotten what it did not keep.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const order = process.env.KAPPA4_SYNC_FAILS ?? "";
const { fsyncSync } = fs;

fs.fsyncSync = (descriptor) => {
  if (!fs.existsSync(order)) return fsyncSync(descriptor);
  fs.rmSync(order);
  throw Object.assign(new Error("EIO: i/o error, fsync"), { code: "EIO", errno: -5 });
};
syncBuiltinESMExports();
