import type { Fields } from "../json.ts";
import { isFields } from "../json.ts";
import { slackLimits } from "../limits.ts";
import type { Checker, FieldCheck } from "./checker.ts";

const limits = slackLimits.chart;

/** The block that draws a chart: pie, bar, area or line. */
export const chartBlock: FieldCheck = { fields: ["title", "chart"], check: checkChartBlock };

function checkChartBlock(checker: Checker, block: Fields, at: string): void {
  checker.text(block, "title", at, { max: limits.title });
  const here = `${at}/chart`;
  if (!isFields(block.chart)) {
    checker.fault(here, "must provide an object");
    return;
  }
  if (block.chart.type === "pie") {
    checkPie(checker, block.chart, here);
    return;
  }
  if (block.chart.type === undefined) checker.fault(here, "missing required field: type");
  checker.choice(block.chart, "type", here, ["pie", "bar", "area", "line"]);
  checkAxes(checker, block.chart, here);
}

function checkPie(checker: Checker, chart: Fields, at: string): void {
  checker.object(chart, at, ["type", "segments"]);
  const segments = checker.list(chart, "segments", at, { max: limits.segments });
  for (const [index, value] of segments.entries()) {
    const here = `${at}/segments/${index}`;
    const segment = checkPoint(checker, value, here);
    if (typeof segment?.value === "number" && segment.value <= 0) {
      checker.fault(`${here}/value`, "must be a positive number");
    }
  }
}

function checkAxes(checker: Checker, chart: Fields, at: string): void {
  checker.object(chart, at, ["type", "series", "axis_config"]);
  const categories = checkAxisConfig(checker, chart.axis_config, `${at}/axis_config`);
  const names = new Set<string>();
  for (const [index, value] of checker
    .list(chart, "series", at, { max: limits.series })
    .entries()) {
    const here = `${at}/series/${index}`;
    const series = checker.object(value, here, ["name", "data"]);
    if (series === undefined) continue;
    const name = checker.text(series, "name", here, { max: limits.label });
    if (name !== undefined && names.has(name)) {
      checker.fault(`${here}/name`, "series names must be unique");
    }
    if (name !== undefined) names.add(name);
    checkSeries(checker, series, here, categories);
  }
}

function checkAxisConfig(checker: Checker, value: unknown, at: string): readonly string[] {
  const config = checker.object(value, at, ["categories", "x_label", "y_label"]);
  if (config === undefined) return [];
  checker.text(config, "x_label", at, { max: limits.axisLabel, optional: true });
  checker.text(config, "y_label", at, { max: limits.axisLabel, optional: true });
  const seen: string[] = [];
  const categories = checker.list(config, "categories", at, { max: limits.categories });
  for (const [index, category] of categories.entries()) {
    const here = `${at}/categories/${index}`;
    if (typeof category !== "string" || category === "" || category.length > limits.label) {
      checker.fault(here, `must be a string of 1 to ${limits.label} characters`);
      continue;
    }
    if (seen.includes(category)) checker.fault(here, "categories must be unique");
    seen.push(category);
  }
  return seen;
}

/** Each series has to have exactly one value for each category. */
function checkSeries(
  checker: Checker,
  series: Fields,
  at: string,
  categories: readonly string[],
): void {
  const labels: string[] = [];
  for (const [index, value] of checker.list(series, "data", at, { max: limits.points }).entries()) {
    const here = `${at}/data/${index}`;
    const point = checkPoint(checker, value, here);
    if (typeof point?.label !== "string") continue;
    labels.push(point.label);
    if (!categories.includes(point.label)) {
      checker.fault(`${here}/label`, "label must be one of axis_config.categories");
    }
  }
  if (new Set(labels).size !== labels.length || labels.length !== categories.length) {
    checker.fault(`${at}/data`, "data must have one point for each of axis_config.categories");
  }
}

function checkPoint(checker: Checker, value: unknown, at: string): Fields | undefined {
  const point = checker.object(value, at, ["label", "value"]);
  if (point === undefined) return undefined;
  checker.text(point, "label", at, { max: limits.label });
  if (typeof point.value !== "number" || !Number.isFinite(point.value)) {
    checker.fault(`${at}/value`, "must be a number");
  }
  return point;
}
