import type { Dice } from "../dice.ts";
import { type Draft, type DraftGuest, type DraftNode, nodeName } from "./draft.ts";

const MIB_OF_NODE = 256 * 1024;
/** Parts of a node: of each guest that must change places, of the one that can make room, and what is full. */
const CROSSWISE = 0.16;
const FILLER = 0.075;
const FULL = 0.86;
const LESS_FULL = 0.79;

/** Cells of three nodes; in each, two guests are pinned to each other's node and neither fits while both are there. */
export function drawCycle(dice: Dice, nodeCount: number, guestCount: number): Draft {
  const cells = Math.floor(nodeCount / 3);
  const guests: DraftGuest[] = [];
  const add = (home: number, part: number, tags: string[] = []): void => {
    guests.push(guestOf(100 + guests.length, home, Math.floor(part * MIB_OF_NODE), tags));
  };
  const nodes = Array.from({ length: nodeCount }, (_, n): DraftNode => {
    const name = nodeName(n);
    return {
      name,
      memoryMib: MIB_OF_NODE,
      cores: 64,
      baseMib: 2560,
      maintenance: false,
      disks: [],
    };
  });
  nodes.forEach(({ baseMib }, n) => {
    const isCrossed = n < cells * 3 && n % 3 < 2;
    const first = Math.floor((guestCount * n) / nodeCount);
    let count = Math.floor((guestCount * (n + 1)) / nodeCount) - first;
    let left = (isCrossed ? FULL : LESS_FULL) - baseMib / MIB_OF_NODE;
    if (isCrossed) {
      add(n, CROSSWISE, [`plb_pin_${nodeName(n % 3 === 0 ? n + 1 : n - 1)}`]);
      add(n, FILLER);
      count -= 2;
      left -= CROSSWISE + FILLER;
    }
    for (; count > 0; count--) {
      const part = count === 1 ? left : (left / count) * dice.between(0.85, 1.15);
      add(n, part);
      left -= part;
    }
  });
  return { dice, nodes, guests, pools: {}, haRules: [], policy: { balanciness: 10 } };
}

/** The least that can be done in a cluster of {@link drawCycle}: in each cell both guests and one of the fillers. */
export function cycleSeconds(nodeCount: number): number {
  const seconds = (part: number): number => 8 + (Math.floor(part * MIB_OF_NODE) * 2 ** 20) / 1e9;
  return Math.floor(nodeCount / 3) * (2 * seconds(CROSSWISE) + seconds(FILLER));
}

function guestOf(id: number, home: number, usedMib: number, tags: string[]): DraftGuest {
  const gib = Math.ceil(usedMib / 1024);
  return {
    id,
    type: "qemu",
    gib,
    usedMib,
    cores: 2,
    cpu: 0.05,
    diskGib: 20,
    storage: "ceph",
    home,
    tags,
    pool: null,
    isHa: false,
  };
}
