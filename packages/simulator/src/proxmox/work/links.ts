/** Counts what moves between nodes, so that moves at the same time share the network. */
export class Links {
  readonly #out = new Map<string, number>();
  readonly #in = new Map<string, number>();
  readonly #arriving = new Map<string, Map<number, number>>();

  /** Begins a transfer; the returned function ends it. */
  begin(from: string, to: string): () => void {
    add(this.#out, from, 1);
    add(this.#in, to, 1);
    let open = true;
    return () => {
      if (!open) return;
      open = false;
      add(this.#out, from, -1);
      add(this.#in, to, -1);
    };
  }

  /** The part of a bandwidth that one transfer between the two nodes gets right now. */
  share(from: string, to: string, bytesPerSecond: number): number {
    const busiest = Math.max(this.#out.get(from) ?? 0, this.#in.get(to) ?? 0, 1);
    return bytesPerSecond / busiest;
  }

  /** Says how much memory of a moving guest lies on its target already. */
  setArrived(node: string, vmid: number, bytes: number): void {
    const arriving = this.#arriving.get(node) ?? new Map<number, number>();
    this.#arriving.set(node, arriving);
    if (bytes > 0) arriving.set(vmid, bytes);
    else arriving.delete(vmid);
  }

  /** Memory on a node that belongs to guests still on their way, in bytes. */
  arrivedOn(node: string): number {
    let sum = 0;
    for (const bytes of this.#arriving.get(node)?.values() ?? []) sum += bytes;
    return sum;
  }
}

function add(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
