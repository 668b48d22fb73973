import { parseArgs } from "node:util";
import { families } from "../packages/sdk/test/balancing/families/index.ts";

/** Nodes and guests of a cluster. */
export interface Size {
  readonly nodes: number;
  readonly guests: number;
}

/** One cluster of the bench: always the same one. */
export interface Scenario extends Size {
  readonly family: string;
  readonly seed: number;
}

/** The sizes that are measured, as `nodes x guests`. */
const SIZES: readonly string[] = ["3x60", "10x300", "32x1000", "100x5000", "300x15000"];

/** What a balancing bench was asked for. */
export interface Asked {
  readonly families: readonly string[];
  readonly sizes: readonly Size[];
  readonly seeds: readonly number[];
  readonly isAll: boolean;
  readonly save: boolean;
}

/** Reads `--family NAME --size 10x300 --seeds 3 --all --save`; family and size can be given several times. */
export function readAsked(args: readonly string[], usualSizes: readonly string[]): Asked {
  const { values } = parseArgs({
    args: [...args],
    options: {
      family: { type: "string", multiple: true },
      size: { type: "string", multiple: true },
      seeds: { type: "string", default: "3" },
      all: { type: "boolean", default: false },
      save: { type: "boolean", default: false },
    },
  });
  const asked = values.family ?? Object.keys(families);
  const unknown = asked.filter((name) => families[name] === undefined);
  if (unknown.length > 0) throw new Error(`There is no family ${unknown.join(", ")}.`);
  return {
    families: asked,
    sizes: (values.size ?? (values.all ? SIZES : usualSizes)).map(readSize),
    seeds: Array.from({ length: Number(values.seeds) }, (_, index) => index + 1),
    isAll: values.all,
    save: values.save,
  };
}

/** What a scenario is called in tables and files: `skew-10x300-1`. */
export function scenarioName({ family, nodes, guests, seed }: Scenario): string {
  return `${family}-${nodes}x${guests}-${seed}`;
}

function readSize(text: string): Size {
  const [nodes = Number.NaN, guests = Number.NaN] = text.split("x").map(Number);
  if (!(nodes > 0 && guests > 0)) throw new Error(`${text} is no size; 10x300 is one.`);
  return { nodes, guests };
}
