import type { ChainHead } from "./chain.ts";
import type { NoteSigner } from "./note.ts";

/** What a chain was at one instant, as its keeper vouches for it. */
export interface Checkpoint extends ChainHead {
  readonly org: string;
  readonly at: Date;
}

const ORIGIN = "kappa4.audit/";

/**
 * Writes and signs a checkpoint in the C2SP checkpoint format: whose chain, how many entries, the hash of the last one
 * in base64; then the epoch and the time. The hash is the head of a chain, not the root of a tree.
 */
export function signCheckpoint(checkpoint: Checkpoint, signer: NoteSigner): string {
  const { org, seq, hash, epoch, at } = checkpoint;
  const root = Buffer.from(hash, "hex").toString("base64");
  const lines = [`${ORIGIN}${org}`, seq, root, `epoch ${epoch}`, `at ${at.toISOString()}`];
  return signer.sign(`${lines.join("\n")}\n`);
}

/** Reads the text of a checkpoint, with or without signatures below it; undefined when it is none. */
export function readCheckpoint(note: string): Checkpoint | undefined {
  const [origin = "", size = "", root = "", epoch = "", at = ""] = note.split("\n");
  const hash = Buffer.from(root, "base64");
  const time = new Date(at.replace(/^at /, ""));
  const number = /^epoch ([1-9]\d{0,8})$/.exec(epoch)?.[1];
  const isWhole = origin.startsWith(ORIGIN) && /^[1-9]\d{0,14}$/.test(size) && hash.length === 32;
  if (!isWhole || number === undefined || Number.isNaN(time.getTime())) return undefined;
  return {
    org: origin.slice(ORIGIN.length),
    seq: Number(size),
    hash: hash.toString("hex"),
    epoch: Number(number),
    at: time,
  };
}
