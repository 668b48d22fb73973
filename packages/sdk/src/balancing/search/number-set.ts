/** A set of small numbers with constant-time adding, removing and picking by place. */
export class NumberSet {
  /** The members, in no order; only the first `size` entries count. */
  readonly list: Int32Array;
  size = 0;
  readonly #slot: Int32Array;

  constructor(limit: number) {
    this.list = new Int32Array(limit);
    this.#slot = new Int32Array(limit).fill(-1);
  }

  /** Adds a number, or removes it. */
  set(number: number, isMember: boolean): void {
    const slot = this.#slot[number] ?? -1;
    if (isMember === slot >= 0) return;
    if (isMember) {
      this.#slot[number] = this.size;
      this.list[this.size] = number;
      this.size++;
      return;
    }
    this.size--;
    const last = this.list[this.size] ?? -1;
    this.list[slot] = last;
    this.#slot[last] = slot;
    this.#slot[number] = -1;
  }

  clear(): void {
    for (let k = 0; k < this.size; k++) this.#slot[this.at(k)] = -1;
    this.size = 0;
  }

  /** A copy of the members, rising. */
  members(): Int32Array {
    return this.list.slice(0, this.size).sort();
  }

  /** The member at a place from 0 to below `size`. */
  at(place: number): number {
    return this.list[place] ?? -1;
  }
}
