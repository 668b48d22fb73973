import { writeFileSync } from "node:fs";
import { drawBudget } from "./pictures/budget.ts";
import { drawWindow } from "./pictures/window.ts";

/** Draws the pictures of docs/engine.md from what is measured here and now. */
export async function run(): Promise<boolean> {
  const docs = new URL("../docs/", import.meta.url);
  writeFileSync(new URL("engine-window.svg", docs), drawWindow());
  writeFileSync(new URL("engine-budget.svg", docs), drawBudget());
  console.log("docs/engine-window.svg and docs/engine-budget.svg are drawn");
  return true;
}
