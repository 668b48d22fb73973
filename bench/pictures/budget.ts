import { planRebalance } from "@kappa4/sdk/balancing";
import { families, makeCluster } from "../../packages/sdk/test/balancing/families/index.ts";
import { boundOf } from "../bounds.ts";
import { geometricMean } from "../figures.ts";
import { colors, curve, line, picture, words } from "./svg.ts";

const WIDTH = 760;
const HEIGHT = 340;
const [LEFT, RIGHT, TOP, BOTTOM] = [64, 730, 56, 280];
const EFFORTS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 4, 8];
const [NODES, GUESTS] = [10, 300];
const SEEDS = [1, 2, 3];

/** What plans cost, over the least that is proven, against the budget of search steps. */
export function drawBudget(): string {
  const scenarios = Object.keys(families).flatMap((family) =>
    SEEDS.map((seed) => {
      const snapshot = makeCluster(family, NODES, GUESTS, seed);
      const scenario = { family, nodes: NODES, guests: GUESTS, seed };
      return { snapshot, least: boundOf(scenario, snapshot).least };
    }),
  );
  const means = EFFORTS.map((effort) => {
    const ratios = scenarios.flatMap(({ snapshot, least }) =>
      least > 0 ? [planRebalance(snapshot, { effort }).costSeconds / least] : [],
    );
    return geometricMean(ratios);
  });
  const top = Math.ceil(Math.max(...means) * 20) / 20;
  const y = (ratio: number): number => BOTTOM - ((ratio - 1) / (top - 1)) * (BOTTOM - TOP);
  const x = (index: number): number =>
    LEFT + 20 + (index * (RIGHT - LEFT - 40)) / (EFFORTS.length - 1);
  const ticks = Array.from({ length: Math.round((top - 1) * 20) + 1 }, (_, tick) => 1 + tick / 20);
  const title = `Cost over the proven least, mean of all families at ${NODES} nodes and ${GUESTS} guests`;
  return picture(WIDTH, HEIGHT, title, [
    words(LEFT, 28, title),
    ...ticks.flatMap((ratio) => [
      line([LEFT, y(ratio)], [RIGHT, y(ratio)], colors.line),
      words(LEFT - 8, y(ratio) + 4, ratio.toFixed(2), "end", colors.faint),
    ]),
    ...EFFORTS.map((effort, index) =>
      words(x(index), BOTTOM + 20, String(effort), "middle", colors.faint),
    ),
    curve(
      means.map((mean, index) => [x(index), y(mean)]),
      colors.after,
    ),
    ...means.map((mean, index) => words(x(index), y(mean) - 10, mean.toFixed(3), "middle")),
    words(
      (LEFT + RIGHT) / 2,
      HEIGHT - 14,
      "effort: search steps, as a factor; 1 is the default",
      "middle",
    ),
  ]);
}
