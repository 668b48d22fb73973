import { existsSync, readFileSync } from "node:fs";
import type { ClusterSnapshot } from "@kappa4/connectors";
import { families } from "../packages/sdk/test/balancing/families/index.ts";
import { leastSeconds } from "./balancing-bound.ts";
import { type Scenario, scenarioName } from "./scenarios.ts";

/** What is proven of a scenario. */
export interface Bound {
  /** No plan costs less, in seconds. */
  readonly least: number;
  /** Where the figure is from: `milp` by the exact solver, `way` the cheapest with a safe way, `sum` by arithmetic. */
  readonly from: "milp" | "way" | "sum";
}

/** Figures of one scenario in bench/reference. */
export interface ReferenceFigures {
  /** No end state that holds all rules and targets costs less, in seconds. */
  readonly bound: number;
  /** Cost of the best end state that was found. */
  readonly best: number;
  /** How far the two are apart, as a part of the best. */
  readonly gap: number;
  /** Time the solver had or needed. */
  readonly solverSeconds: number;
}

/** What any plan for a scenario costs at least, by the best figure there is. */
export function boundOf(scenario: Scenario, snapshot: ClusterSnapshot): Bound {
  const way = families[scenario.family]?.leastSeconds?.(scenario.nodes);
  if (way !== undefined) return { least: way, from: "way" };
  const exact = readReference(scenario)[scenarioName(scenario)];
  const sum = leastSeconds(snapshot);
  return exact !== undefined && exact.bound >= sum - 0.01
    ? { least: exact.bound, from: "milp" }
    : { least: sum, from: "sum" };
}

/** Figures of the exact solver for all scenarios of a size; empty where there are none. */
export function readReference({
  nodes,
  guests,
}: Pick<Scenario, "nodes" | "guests">): Record<string, ReferenceFigures> {
  const file = referenceFile({ nodes, guests });
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
}

/** Where the figures of a size are kept. */
export function referenceFile({ nodes, guests }: Pick<Scenario, "nodes" | "guests">): URL {
  return new URL(`reference/${nodes}x${guests}.json`, import.meta.url);
}
