import type { ClusterSnapshot } from "@kappa4/connectors";
import { Dice } from "../dice.ts";
import { cycleSeconds, drawCycle } from "./cycle.ts";
import { type Draft, drawDraft, finish, type Shape } from "./draft.ts";
import {
  addApart,
  addIgnored,
  addLocalDisks,
  addPins,
  addPoolsAndHaRules,
  addTogether,
} from "./rules.ts";

/** A kind of trouble that clusters get into. */
export interface Family {
  readonly description: string;
  readonly draw: (dice: Dice, nodes: number, guests: number) => Draft;
  /** Seconds of the cheapest plan where rules leave no cheaper way to a cheaper end. */
  readonly leastSeconds?: (nodes: number) => number;
}

const LARGE = [4, 8, 8, 16, 16, 32, 64];

/** All families by name. */
export const families: Readonly<Record<string, Family>> = {
  skew: {
    description: "load differs from node to node",
    draw: shaped((dice, n) => ({ wanted: several(n, () => dice.between(0.3, 0.9)) })),
  },
  hot: {
    description: "one node is nearly full, the rest level",
    draw: shaped((dice, n) => ({
      wanted: several(n, (i) => (i === 0 ? 0.92 : dice.between(0.58, 0.62))),
    })),
  },
  newnode: {
    description: "a tenth of the nodes just joined and are empty",
    draw: shaped((dice, n) => ({
      wanted: several(n, (i) => (i < n - Math.max(1, n / 10) ? dice.between(0.66, 0.72) : 0.02)),
    })),
  },
  drain: {
    description: "level, and every thirtieth node is in maintenance",
    draw: shaped(
      (dice, n) => ({ wanted: several(n, () => dice.between(0.62, 0.66) * (1 - drained(n) / n)) }),
      drain,
    ),
  },
  tight: {
    description: "84 % full, large guests, little room",
    draw: shaped((dice, n) => ({
      wanted: several(n, () => dice.between(0.75, 0.93)),
      sizes: LARGE,
    })),
  },
  affinity: {
    description: "a fifth of the guests together, a quarter apart, a third of the groups broken",
    draw: shaped(uneven, (draft) => {
      addTogether(draft, 0.2, 0.33);
      addApart(draft, 0.25, 0.33);
    }),
  },
  pinned: {
    description:
      "a quarter of the guests pinned, a fifth of these off their pin, a twelfth ignored",
    draw: shaped(uneven, (draft) => {
      addPins(draft, 0.25, 0.2);
      addIgnored(draft, 0.08);
    }),
  },
  localdisk: {
    description:
      "half of the guests on disks of one node, some of a kind that every second node has",
    draw: shaped(uneven, (draft) => addLocalDisks(draft, 0.5)),
  },
  hetero: {
    description: "nodes of size 1, 2 and 4 that carry the same amount",
    draw: shaped((dice, n) => {
      const shares = several(n, (i) => [1, 2, 4][i % 3] ?? 1);
      return { shares, wanted: shares.map((share) => dice.between(0.86, 0.9) / share) };
    }),
  },
  cpuhot: {
    description: "memory level, processors busy on a fifth of the nodes; targets for both",
    draw: shaped((dice, n) => ({ wanted: several(n, () => dice.between(0.58, 0.62)) }), heatUp),
  },
  mixed: {
    description: "everything at once",
    draw: shaped(
      (dice, n) => ({
        shares: several(n, (i) => (i % 3 === 0 ? 2 : 1)),
        wanted: several(n, () => dice.between(0.35, 0.8) * (1 - drained(n) / n)),
      }),
      (draft) => {
        drain(draft);
        addLocalDisks(draft, 0.25);
        addPoolsAndHaRules(draft);
        addTogether(draft, 0.1, 0.33);
        addApart(draft, 0.15, 0.33);
        addPins(draft, 0.08, 0.2);
        addIgnored(draft, 0.03);
      },
    ),
  },
  cycle: {
    description: "guests have to change places, and neither fits before a third one made room",
    draw: drawCycle,
    leastSeconds: cycleSeconds,
  },
  level: {
    description: "nothing to do",
    draw: shaped((dice, n) => ({ wanted: several(n, () => dice.between(0.57, 0.64)) })),
  },
};

/** Makes the cluster of a family, a size and a seed: always the same one. */
export function makeCluster(
  family: string,
  nodes: number,
  guests: number,
  seed: number,
): ClusterSnapshot {
  const found = families[family];
  if (found === undefined) throw new Error(`There is no family ${family}.`);
  const name = `${family}-${nodes}x${guests}-${seed}`;
  return finish(found.draw(new Dice(seedOf(name)), nodes, guests), name);
}

function shaped(shape: (dice: Dice, nodes: number) => Shape, then?: (draft: Draft) => void) {
  return (dice: Dice, nodes: number, guests: number): Draft => {
    const draft = drawDraft(dice, shape(dice, nodes), guests);
    then?.(draft);
    return draft;
  };
}

function uneven(dice: Dice, n: number): Shape {
  return { wanted: several(n, () => dice.between(0.35, 0.85)) };
}

function several(count: number, of: (index: number) => number): number[] {
  return Array.from({ length: count }, (_, index) => of(index));
}

function drained(nodes: number): number {
  return Math.max(1, Math.floor(nodes / 30));
}

function drain({ dice, nodes }: Draft): void {
  for (const node of dice.shuffled(nodes).slice(0, drained(nodes.length))) node.maintenance = true;
}

/** Guests of every fifth node use so much more that the node's cores are about 80 % busy. */
function heatUp(draft: Draft): void {
  draft.policy = { balanciness: 10, cpuBalanciness: 20 };
  draft.nodes.forEach(({ cores }, n) => {
    if (n % 5 !== 0) return;
    const here = draft.guests.filter(({ home }) => home === n);
    const busy = here.reduce((sum, guest) => sum + guest.cpu * guest.cores, 0);
    for (const guest of here) {
      guest.cpu = Math.min(0.95, Math.round((1e4 * guest.cpu * 0.8 * cores) / busy) / 1e4);
    }
  });
}

/** A number from a text (FNV-1a). */
function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return hash;
}
