import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Problem } from "./issues.ts";
import { isMap } from "./values.ts";

/** A value with the texts of the files it names, and what went wrong while reading them. */
export interface Resolved {
  readonly value: unknown;
  readonly problems: readonly Problem[];
}

/** Far above any key or certificate, far below what hurts. */
const MAX_BYTES = 1024 * 1024;
const FILE_KEY = /^([a-z][A-Za-z0-9]*)File$/;

/**
 * Replaces each key `<name>File`, which holds a path relative to `directory`, by `<name>` with the text of that
 * file, without the line break at its end. So a secret can come from a mounted file.
 */
export async function readFileReferences(value: unknown, directory: string): Promise<Resolved> {
  const problems: Problem[] = [];
  const result = await walk(value, []);
  return { value: result, problems };

  async function walk(current: unknown, path: readonly PropertyKey[]): Promise<unknown> {
    if (Array.isArray(current)) {
      return Promise.all(current.map((item, index) => walk(item, [...path, index])));
    }
    if (!isMap(current)) return current;
    const entries = await Promise.all(
      Object.entries(current).map(([key, inner]) => entry(current, key, inner, [...path, key])),
    );
    return Object.fromEntries(entries.flat());
  }

  async function entry(
    owner: Record<string, unknown>,
    key: string,
    inner: unknown,
    path: readonly PropertyKey[],
  ): Promise<readonly (readonly [string, unknown])[]> {
    const name = FILE_KEY.exec(key)?.[1];
    if (name === undefined) return [[key, await walk(inner, path)]];
    const text = await textFor(owner, name, inner);
    if ("message" in text) problems.push({ path, message: text.message });
    return "text" in text ? [[name, text.text]] : [];
  }

  async function textFor(
    owner: Record<string, unknown>,
    name: string,
    path: unknown,
  ): Promise<{ readonly text: string } | { readonly message: string }> {
    if (typeof path !== "string" || path === "") return { message: "must be the path of a file" };
    if (name in owner) return { message: `give ${name} or ${name}File, not both` };
    const bytes = await readFile(resolve(directory, path)).catch(reasonOf);
    if (typeof bytes === "string") return { message: `${path} ${bytes}` };
    if (bytes.length > MAX_BYTES)
      return { message: `${path} is larger than 1 MiB; is it the right file?` };
    const text = bytes.toString("utf8").replace(/[\r\n]+$/, "");
    return text === "" ? { message: `${path} is empty` } : { text };
  }
}

/** Says why a file could not be read, as the rest of a sentence that begins with its path. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return REASONS[code] ?? `cannot be read (${code || "unknown reason"})`;
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "may not be read by this user; check its permissions",
  EISDIR: "is a folder, not a file",
  ENOENT: "does not exist; paths are relative to the configuration file",
  ENOTDIR: "does not exist; a part of the path is a file",
  EPERM: "may not be read by this user; check its permissions",
};
