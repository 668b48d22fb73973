/** Things by cost, the cheapest first (a binary heap). */
export interface CostQueue<Item> {
  readonly add: (cost: number, item: Item) => void;
  readonly take: () => { readonly cost: number; readonly item: Item } | undefined;
}

/** Makes an empty queue. */
export function cheapestFirst<Item>(): CostQueue<Item> {
  const heap: { readonly cost: number; readonly item: Item }[] = [];
  const costAt = (index: number): number => heap[index]?.cost ?? Number.POSITIVE_INFINITY;
  const swap = (a: number, b: number): void => {
    const [one, other] = [heap[a], heap[b]];
    if (one === undefined || other === undefined) return;
    heap[a] = other;
    heap[b] = one;
  };
  return {
    add(cost, item) {
      heap.push({ cost, item });
      for (let index = heap.length - 1; index > 0; ) {
        const parent = (index - 1) >> 1;
        if (costAt(parent) <= costAt(index)) return;
        swap(parent, index);
        index = parent;
      }
    },
    take() {
      const first = heap[0];
      const last = heap.pop();
      if (first === undefined || last === undefined || heap.length === 0) return first;
      heap[0] = last;
      for (let index = 0; ; ) {
        const left = 2 * index + 1;
        const child = costAt(left + 1) < costAt(left) ? left + 1 : left;
        if (costAt(child) >= costAt(index)) return first;
        swap(child, index);
        index = child;
      }
    },
  };
}
