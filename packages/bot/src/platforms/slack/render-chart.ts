import type { BarChartBlock } from "../../view/model.ts";
import { clean } from "../../view/text.ts";
import { chunk, type Rendered, type RenderSituation, richBlock } from "./block.ts";
import { LIMITS } from "./limits.ts";
import { clamp } from "./mrkdwn.ts";

const limits = LIMITS.chart;

/** Draws a bar chart, or says its values where charts are not known and no table has them. */
export function renderChart(chart: BarChartBlock, situation: RenderSituation): Rendered {
  const isDrawable = chart.categories.length > 0 && chart.series.length > 0;
  if (!situation.claim("data_visualization") || !isDrawable) return { blocks: inWords(chart) };
  const categories = uniqueLabels(chart.categories.slice(0, limits.categories));
  const names = uniqueLabels(chart.series.slice(0, limits.series).map(({ name }) => name));
  const block = {
    type: "data_visualization",
    title: clamp(clean(chart.title) || "Chart", limits.title),
    chart: {
      type: "bar",
      series: names.map((name, series) => ({
        name,
        data: categories.map((label, index) => ({
          label,
          value: finite(chart.series[series]?.values[index]),
        })),
      })),
      axis_config: {
        categories,
        ...(chart.unit === "" ? {} : { y_label: clamp(clean(chart.unit), 50) }),
      },
    },
  };
  const isCut = chart.categories.length > categories.length || chart.series.length > names.length;
  if (!isCut) return { blocks: [block] };
  const message = `${categories.length} of ${chart.categories.length} bars are drawn.`;
  return {
    blocks: [block, ...inWords({ ...chart, title: message })],
    lossy: [{ path: `${situation.path}.categories`, message }],
  };
}

function inWords(chart: BarChartBlock): Rendered["blocks"] {
  if (chart.tabulated === true) return [];
  const text = clean(`${chart.title}: ${chart.alt}`);
  return chunk([text], LIMITS.sectionText).flatMap((part) =>
    richBlock([{ type: "text", text: part }]),
  );
}

/** Slack wants labels of at most 20 characters, each once: long ones keep their beginning and their end. */
function uniqueLabels(labels: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return labels.map((label) => {
    const text = clean(label).trim() || "–";
    let short = text.length <= limits.label ? text : `${text.slice(0, 11)}…${text.slice(-8)}`;
    for (let number = 2; taken.has(short); number += 1) {
      short = `${clamp(text, limits.label - String(number).length - 1)} ${number}`;
    }
    taken.add(short);
    return short;
  });
}

function finite(value: number | undefined): number {
  return value !== undefined && Number.isFinite(value) ? value : 0;
}
