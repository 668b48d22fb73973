/** Numbers by rank, the lowest rank first; of equal ranks the one that was added first (a binary heap). */
export class CheapestFirst {
  readonly #items: number[] = [];
  readonly #ranks: number[] = [];
  readonly #turns: number[] = [];
  #added = 0;

  add(item: number, rank: number): void {
    const turn = this.#added++;
    let place = this.#items.length;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.#isLater(parent, rank, turn)) break;
      this.#copy(parent, place);
      place = parent;
    }
    this.#put(place, item, rank, turn);
  }

  /** Takes the first one out; undefined when none is left. */
  take(): number | undefined {
    const first = this.#items[0];
    const item = this.#items.pop();
    const rank = this.#ranks.pop() ?? 0;
    const turn = this.#turns.pop() ?? 0;
    const size = this.#items.length;
    if (item === undefined || size === 0) return first;
    let place = 0;
    for (let child = 1; child < size; child = 2 * place + 1) {
      const right = child + 1;
      const isRight =
        right < size && this.#isLater(child, this.#ranks[right] ?? 0, this.#turns[right] ?? 0);
      const next = isRight ? right : child;
      if (this.#isLater(next, rank, turn)) break;
      this.#copy(next, place);
      place = next;
    }
    this.#put(place, item, rank, turn);
    return first;
  }

  /** Whether what is at a place comes after something of this rank that was added at this turn. */
  #isLater(place: number, rank: number, turn: number): boolean {
    const other = this.#ranks[place] ?? 0;
    return other === rank ? (this.#turns[place] ?? 0) > turn : other > rank;
  }

  #copy(from: number, to: number): void {
    this.#put(to, this.#items[from] ?? 0, this.#ranks[from] ?? 0, this.#turns[from] ?? 0);
  }

  #put(place: number, item: number, rank: number, turn: number): void {
    this.#items[place] = item;
    this.#ranks[place] = rank;
    this.#turns[place] = turn;
  }
}
