import type { ClusterSnapshot, Guest, SnapshotNode } from "@kappa4/connectors";
import type { ModelData } from "highs";
import type { Units } from "./reference-units.ts";

const MEMORY_LIMIT = 0.95;
const STORAGE_LIMIT = 0.95;

/** Columns are one per unit and node it may be on, then edges of the windows; rows are what must hold. */
export interface Milp {
  readonly data: ModelData;
  /** By unit and place in its list of nodes: number of the column. */
  readonly column: (u: number, index: number) => number;
  readonly columns: number;
}

type Terms = { readonly column: number; readonly value: number }[];

/**
 * Writes a snapshot as a mixed-integer linear program: which unit goes to which node so that rules, limits and
 * targets hold at the end, at the least seconds of migration. A target is a window with free edges L and U.
 */
export function writeMilp(snapshot: ClusterSnapshot, { units, apart }: Units): Milp {
  const firsts: number[] = [];
  let binaries = 0;
  for (const { nodes } of units) {
    firsts.push(binaries);
    binaries += nodes.length;
  }
  const column = (u: number, index: number): number => (firsts[u] ?? 0) + index;
  const rows = new Rows();
  units.forEach(({ nodes }, u) => {
    rows.add(
      nodes.map((_, index) => ({ column: column(u, index), value: 1 })),
      1,
      1,
    );
  });
  /** The sum over units on a node of something of their members. */
  const on = (n: number, of: (guest: Guest) => number): Terms =>
    units.flatMap(({ nodes, members }, u) => {
      const index = nodes.indexOf(n);
      const value = members.reduce((sum, guest) => sum + of(guest), 0);
      return index < 0 || value === 0 ? [] : [{ column: column(u, index), value }];
    });
  const { balanciness = 10, cpuBalanciness } = snapshot.policy ?? {};
  const measures = [
    { of: memoryOf, target: balanciness, limit: MEMORY_LIMIT, first: binaries },
    { of: cpuOf, target: cpuBalanciness, limit: 1, first: binaries + 2 },
  ];
  for (const { of, target, limit, first } of measures) {
    const [low, high] = [first, first + 1];
    rows.add([term(high, 1), term(low, -1)], 0, (target ?? 1000) / 100);
    snapshot.nodes.forEach((node, n) => {
      if (node.maintenance) return;
      const { base, total, used, weight } = of(node);
      const terms = on(n, (guest) => weight(guest) / total);
      rows.add([...terms, term(high, -1)], Number.NEGATIVE_INFINITY, -base / total);
      rows.add([...terms, term(low, -1)], -base / total, Number.POSITIVE_INFINITY);
      rows.add(terms, Number.NEGATIVE_INFINITY, Math.max(limit, used / total) - base / total);
    });
  }
  snapshot.nodes.forEach((node, n) => {
    for (const { id, shared, total, used } of node.storages) {
      const terms = shared ? [] : on(n, (guest) => bytesOn(guest, id) / total);
      rows.add(terms, Number.NEGATIVE_INFINITY, Math.max(STORAGE_LIMIT, used / total));
    }
  });
  for (const group of apart) {
    snapshot.nodes.forEach((_, n) => {
      const terms = group.flatMap((u) => {
        const index = units[u]?.nodes.indexOf(n) ?? -1;
        return index < 0 ? [] : [term(column(u, index), 1)];
      });
      if (terms.length > 1) rows.add(terms, Number.NEGATIVE_INFINITY, 1);
    });
  }
  const columns = binaries + 4;
  const isBinary = (index: number): boolean => index < binaries;
  const each = (of: (index: number) => number): Float64Array =>
    Float64Array.from({ length: columns }, (_, index) => of(index));
  const colCost = each(() => 0);
  units.forEach(({ seconds }, u) => {
    for (const [index, value] of seconds.entries()) colCost[column(u, index)] = value;
  });
  return {
    column,
    columns,
    data: {
      numCols: columns,
      ...rows.data(columns),
      colCost,
      colLower: each(() => 0),
      colUpper: each((index) => (isBinary(index) ? 1 : 100)),
      integrality: Int32Array.from({ length: columns }, (_, index) => (isBinary(index) ? 1 : 0)),
    },
  };
}

class Rows {
  readonly #lower: number[] = [];
  readonly #upper: number[] = [];
  readonly #starts: number[] = [0];
  readonly #indices: number[] = [];
  readonly #values: number[] = [];

  add(terms: Terms, lower: number, upper: number): void {
    if (terms.length === 0) return;
    for (const { column, value } of terms) {
      this.#indices.push(column);
      this.#values.push(value);
    }
    this.#starts.push(this.#indices.length);
    this.#lower.push(lower);
    this.#upper.push(upper);
  }

  data(numCols: number): Pick<ModelData, "numRows" | "rowLower" | "rowUpper" | "matrix"> {
    const numRows = this.#lower.length;
    return {
      numRows,
      rowLower: Float64Array.from(this.#lower),
      rowUpper: Float64Array.from(this.#upper),
      matrix: {
        format: "csr",
        numRows,
        numCols,
        starts: Int32Array.from(this.#starts),
        indices: Int32Array.from(this.#indices),
        values: Float64Array.from(this.#values),
      },
    };
  }
}

function term(column: number, value: number): Terms[number] {
  return { column, value };
}

function memoryOf(node: SnapshotNode) {
  const { total, used } = node.memory;
  return { base: node.base.memory, total, used, weight: (guest: Guest) => guest.memory.used };
}

function cpuOf(node: SnapshotNode) {
  const { cores, used } = node.cpu;
  const weight = (guest: Guest): number => guest.cpu.used * guest.cpu.cores;
  return { base: node.base.cpu, total: cores, used, weight };
}

function bytesOn({ volumes = [] }: Guest, storage: string): number {
  return volumes.reduce((sum, one) => sum + (one.storage === storage ? one.bytes : 0), 0);
}
