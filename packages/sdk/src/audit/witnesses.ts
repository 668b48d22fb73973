import { type Checkpoint, readCheckpoint } from "./checkpoint.ts";
import type { NoteVerifier } from "./note.ts";
import type { Problems } from "./problems.ts";
import type { LostEntries } from "./report.ts";

/** Holds a chain against what its checkpoints say of it. */
export class Witnesses {
  readonly #problems: Problems;
  readonly #bySeq = new Map<number, Checkpoint[]>();
  readonly lost: LostEntries[] = [];
  vouched = 0;
  vouchedUntil = 0;
  unsigned = 0;

  /** Calls those whose checkpoints a given key has signed; the others cannot speak. */
  constructor(
    org: string,
    notes: readonly string[],
    verifiers: readonly NoteVerifier[],
    problems: Problems,
  ) {
    this.#problems = problems;
    for (const note of new Set(notes)) this.#call(org, note, verifiers);
  }

  /** Asks them about the head of the chain at a place. */
  ask(seq: number, hash: string, epoch: number, epochBegan: number): void {
    for (const checkpoint of this.#bySeq.get(seq) ?? []) {
      if (checkpoint.epoch < epoch) {
        this.#lose(checkpoint, epochBegan);
        continue;
      }
      if (checkpoint.epoch > epoch || checkpoint.hash !== hash) {
        const from = this.vouchedUntil + 1;
        const message = `The checkpoint of entry ${seq} vouches for another chain: something from entry ${from} to ${seq} was rewritten.`;
        this.#problems.add("rewritten", seq, message);
        continue;
      }
      this.vouched += 1;
      this.vouchedUntil = seq;
    }
    this.#bySeq.delete(seq);
  }

  /** Asks those who know more than the chain has: its end is gone, or was lost in a restore. */
  end(last: number, epoch: number, epochBegan: number): void {
    const later = [...this.#bySeq.values()].flat().filter(({ seq }) => seq > last);
    for (const checkpoint of later.filter((one) => one.epoch < epoch)) {
      this.#lose(checkpoint, epochBegan);
    }
    const known = later.filter((one) => one.epoch >= epoch).map(({ seq }) => seq);
    if (known.length === 0) return;
    const to = Math.max(...known);
    const message = `A checkpoint vouches for ${to} entries: those from ${last + 1} on are missing at the end.`;
    this.#problems.add("missing", last + 1, message);
  }

  #call(org: string, note: string, verifiers: readonly NoteVerifier[]): void {
    const claimed = readCheckpoint(note);
    const text = verifiers.map((verifier) => verifier.open(note)).find((one) => one !== undefined);
    const isOurs = verifiers.some(({ name }) => note.includes(`\n— ${name} `));
    if (text === undefined && !isOurs) {
      this.unsigned += 1;
      return;
    }
    const checkpoint = text === undefined ? undefined : readCheckpoint(text);
    if (checkpoint === undefined || checkpoint.org !== org) {
      const seq = claimed?.seq ?? 0;
      const message =
        checkpoint === undefined
          ? `The signature of the checkpoint of entry ${seq} does not hold.`
          : "A checkpoint is of another organisation.";
      this.#problems.add("checkpoint", seq, message);
      return;
    }
    this.#bySeq.set(checkpoint.seq, [...(this.#bySeq.get(checkpoint.seq) ?? []), checkpoint]);
  }

  #lose({ epoch, seq }: Checkpoint, epochBegan: number): void {
    this.lost.push({ epoch, from: epochBegan, to: seq });
  }
}
