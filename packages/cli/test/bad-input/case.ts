import { readFileSync } from "node:fs";

/** A command line that cannot work, and what its message must hold. */
export interface BadInput {
  readonly name: string;
  /** The command line, separated by blanks. */
  readonly words: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Each must be in the message: the path, what is wrong, what to do. */
  readonly says: readonly (string | RegExp)[];
  /** Number of problems. Default 1. */
  readonly problems?: number;
}

/** Stands for everything that must never be shown; each file that could leak one holds it. */
export const SECRET = "hunter2-c0ffee";

/** An API token that is right in form. */
export const TOKEN = `automation@pve!kappa4=${SECRET}`;
/** A configuration that is right. */
export const GOOD = `connections:
  gold:
    kind: proxmox
    endpoints: [https://pve1.example:8006]
    auth: { type: token, token: "${TOKEN}" }
`;
/** A snapshot that is right, as text. */
export const small = readFileSync(
  new URL("../../../../examples/snapshots/small.json", import.meta.url),
  "utf8",
);

/** A configuration file with this text. */
export function config(text: string): Readonly<Record<string, string>> {
  return { "kappa4.yaml": text };
}

/** The good configuration with one piece replaced. */
export function broken(piece: string, by: string): Readonly<Record<string, string>> {
  if (!GOOD.includes(piece)) throw new Error(`The good configuration does not hold ${piece}.`);
  return config(GOOD.replace(piece, by));
}

/** The good snapshot after a change, as `s.json`. */
export function snapshot(
  change: (value: Record<string, unknown>) => void,
): Readonly<Record<string, string>> {
  const value: Record<string, unknown> = JSON.parse(small);
  change(value);
  return { "s.json": JSON.stringify(value) };
}

/** Sets the value at a dotted path. */
export function set(path: string, to: unknown): (value: Record<string, unknown>) => void {
  return (value) => {
    const keys = path.split(".");
    const last = keys.pop() ?? "";
    const owner = keys.reduce<Record<string, unknown>>(
      (inner, key) => inner[key] as Record<string, unknown>,
      value,
    );
    owner[last] = to;
  };
}

/** The command that most cases try. */
export const DRY = "rebalance dry-run";
/** The same for a file. */
export const FILE = `${DRY} --snapshot s.json`;
