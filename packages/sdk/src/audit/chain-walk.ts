import { type ChainHead, chainHash, type SealedRow } from "./chain.ts";
import type { Problems } from "./problems.ts";

/** What is told of each place that was passed, whatever stood there. */
export interface Passed {
  /** Called in the order of the chain; the hash is the one that the row states. */
  row(row: SealedRow, seq: number): void;
}

/** A row that does not fit where it stands, or a line that is none; what it was shows with the next row. */
type Stray = SealedRow | "unreadable";

/**
 * Goes along a chain and says where it is broken, each break once: after a break it finds its way back, so that one
 * damaged row is one problem.
 */
export class ChainWalk {
  readonly #problems: Problems;
  readonly #passed: Passed;
  /** The place whose row is expected next. */
  #next: number;
  /** The hashes that the next row may name as the previous one; undefined when nobody can tell. */
  #previous: readonly string[] | undefined;
  #stray: Stray | undefined;
  #afterRemoved = false;

  constructor(after: ChainHead, problems: Problems, passed: Passed) {
    this.#next = after.seq + 1;
    this.#previous = [after.hash];
    this.#problems = problems;
    this.#passed = passed;
  }

  /** The last place that was passed. */
  get last(): number {
    return this.#next - 1;
  }

  /** Takes the next line: its row, or undefined when it is none. */
  take(row: SealedRow | undefined): void {
    if (this.#stray !== undefined) this.#explain(this.#stray, row);
    if (row === undefined) this.#stray = "unreadable";
    else if (row.seq === this.#next) this.#pass(row);
    else if (this.#continues(row)) this.#renumbered(row);
    else this.#stray = row;
  }

  /** No more lines come. */
  end(): void {
    if (this.#stray !== undefined) this.#explain(this.#stray, undefined);
  }

  #explain(stray: Stray, row: SealedRow | undefined): void {
    this.#stray = undefined;
    const seq = this.#next;
    if (row?.seq === seq) {
      const what = stray === "unreadable" ? "that is no entry" : `of entry ${stray.seq}`;
      this.#problems.add("added", seq, `Before entry ${seq} stands a line ${what}.`);
      return;
    }
    if (stray === "unreadable") {
      this.#problems.add("unreadable", seq, `The line of entry ${seq} is damaged.`);
      this.#skip();
      return;
    }
    const isFollowed = row === undefined || row.seq === stray.seq + 1;
    if (isFollowed && stray.seq > seq) {
      this.#missing(seq, stray.seq - 1);
      this.#next = stray.seq;
      this.#previous = undefined;
      this.#pass(stray);
      return;
    }
    this.#problems.add("replaced", seq, `In the place of entry ${seq} stands entry ${stray.seq}.`);
    this.#skip();
  }

  #pass(row: SealedRow): void {
    const previous = this.#previous ?? [row.prevHash];
    const named = previous.includes(row.prevHash);
    const prevHash = named ? row.prevHash : (previous[0] ?? row.prevHash);
    const computed = row.body === null ? row.hash : chainHash(prevHash, row.body);
    if (!named || computed !== row.hash) {
      // Nothing but the next row tells whether a removed one still has its hash.
      const seq = this.#afterRemoved && isWhole(row) ? row.seq - 1 : row.seq;
      this.#problems.add("changed", seq, `Entry ${seq} is not what was sealed.`);
    }
    this.#afterRemoved = row.body === null;
    this.#passed.row(row, this.#next);
    this.#next += 1;
    // Whichever of the two was damaged, the next row names the other.
    this.#previous = computed === row.hash ? [computed] : [row.hash, computed];
  }

  /** Whether a row is the next one in everything but its number. */
  #continues(row: SealedRow): boolean {
    return this.#previous?.includes(row.prevHash) === true && isWhole(row);
  }

  #renumbered(row: SealedRow): void {
    const seq = this.#next;
    this.#problems.add("changed", seq, `Entry ${seq} says that it is entry ${row.seq}.`);
    this.#pass({ ...row, seq });
  }

  #missing(from: number, to: number): void {
    const which = from === to ? `Entry ${from} is` : `Entries ${from} to ${to} are`;
    this.#problems.add("missing", from, `${which} missing.`);
  }

  #skip(): void {
    this.#next += 1;
    this.#afterRemoved = false;
    this.#previous = undefined;
  }
}

/** Whether a row's own parts fit each other. */
function isWhole({ prevHash, hash, body }: SealedRow): boolean {
  return body !== null && chainHash(prevHash, body) === hash;
}
