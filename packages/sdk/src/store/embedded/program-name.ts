import { readFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";

/** Names that say nothing of the program whose file they are. */
const COMMON = new Set(["main", "index", "cli", "bin"]);

/**
 * Returns what people call a program, by the path of its file: the file's own name, or that of its package where the
 * file is called as thousands are, such as `main.ts`.
 */
export function programName(path: string | undefined): string {
  if (path === undefined) return process.title;
  const name = basename(path);
  if (!COMMON.has(basename(path, extname(path)))) return name;
  return packageAbove(dirname(path)) ?? name;
}

function packageAbove(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const name = packageIn(at);
    if (name !== undefined || at === dirname(at)) return name;
  }
}

function packageIn(folder: string): string | undefined {
  try {
    const { name }: { name?: unknown } = JSON.parse(
      readFileSync(join(folder, "package.json"), "utf8"),
    );
    return typeof name === "string" && name !== "" ? name : undefined;
  } catch {
    return undefined;
  }
}
