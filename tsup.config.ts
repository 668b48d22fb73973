import { globSync, readFileSync } from "node:fs";
import { defineConfig } from "tsup";

interface Manifest {
  readonly exports: Record<string, string | { readonly "@kappa4/source"?: string }>;
  readonly bin?: Record<string, string>;
}

// One configuration for every package: what it exports is what is built, so entry points are written once.
const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
const exported = Object.values(manifest.exports).flatMap((target) =>
  typeof target === "string" ? [] : [target["@kappa4/source"]],
);
const commands = Object.values(manifest.bin ?? {}).map((file) =>
  file.replace(/^(\.\/)?dist\//, "src/").replace(/\.js$/, ".ts"),
);
// A thread is started from a file of its own.
const workers = globSync("src/*-worker.ts");
const entry = [...exported, ...commands, ...workers].filter((file) => file !== undefined);

export default defineConfig({
  entry: [...new Set(entry.map((file) => file.replace(/^\.\//, "")))],
  outDir: "dist",
  format: ["esm"],
  target: "node22.18",
  sourcemap: true,
  clean: true,
  dts: false,
});
