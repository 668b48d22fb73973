import { planRebalance } from "@kappa4/sdk/balancing";
import { makeCluster } from "../../packages/sdk/test/balancing/families/index.ts";
import { box, colors, line, picture, words } from "./svg.ts";

const WIDTH = 760;
const HEIGHT = 360;
const LEFT = 56;
const TOP = 56;
const BOTTOM = 300;

/** The loads of all nodes before and after a plan, and the window that they all have to come into. */
export function drawWindow(): string {
  const plan = planRebalance(makeCluster("skew", 10, 300, 1));
  const { before, after, balanciness } = plan;
  const y = (load: number): number => BOTTOM - load * (BOTTOM - TOP);
  const loads = after.nodes.map(({ load }) => load);
  const middle = (Math.max(...loads) + Math.min(...loads)) / 2;
  const [low, high] = [middle - balanciness / 200, middle + balanciness / 200];
  const column = (WIDTH - LEFT - 20) / before.nodes.length;
  const bars = before.nodes.flatMap(({ name, load }, index) => {
    const x = LEFT + index * column;
    const then = after.nodes[index]?.load ?? load;
    const wide = column * 0.36;
    return [
      box(x + column * 0.1, y(load), wide, BOTTOM - y(load), colors.before),
      box(x + column * 0.1 + wide + 2, y(then), wide, BOTTOM - y(then), colors.after),
      words(x + column / 2, BOTTOM + 18, name, "middle", colors.faint),
    ];
  });
  const scale = [0, 0.25, 0.5, 0.75, 1].flatMap((load) => [
    line([LEFT, y(load)], [WIDTH - 20, y(load)], colors.line),
    words(LEFT - 8, y(load) + 4, `${100 * load} %`, "end", colors.faint),
  ]);
  const title = `${plan.moves.length} moves of ${plan.costSeconds.toFixed(0)} s bring ten nodes from ${before.spread.toFixed(0)} points apart into a window of ${balanciness}`;
  return picture(WIDTH, HEIGHT, title, [
    words(LEFT, 28, title),
    box(LEFT, y(high), WIDTH - 20 - LEFT, y(low) - y(high), colors.window),
    ...scale,
    ...bars,
    box(LEFT, HEIGHT - 28, 14, 14, colors.before),
    words(LEFT + 20, HEIGHT - 16, "memory in use before"),
    box(LEFT + 190, HEIGHT - 28, 14, 14, colors.after),
    words(LEFT + 210, HEIGHT - 16, "after"),
    box(LEFT + 290, HEIGHT - 28, 14, 14, colors.window),
    words(LEFT + 310, HEIGHT - 16, "the window: nodes above must lose, nodes below must gain"),
  ]);
}
