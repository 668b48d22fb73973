import { pad, truncate, widthOf, wrap } from "../../view/layout.ts";
import type { BarChartBlock, Task, TaskState, TasksBlock } from "../../view/model.ts";
import { clean, TASK_WORDS } from "../../view/text.ts";
import { ascii, type PaintKind, type TerminalStyle } from "./style.ts";

const SERIES = { unicode: ["▒", "▓", "█", "░"], ascii: ["=", "#", "+", "-"] } as const;
const LABEL_WIDTH = 24;

/** Draws a bar per value, each with its number; a legend says which sign is which series. */
export function chartLines(chart: BarChartBlock, style: TerminalStyle): readonly string[] {
  const signs = style.unicode ? SERIES.unicode : SERIES.ascii;
  const labels = chart.categories.map((name) =>
    truncate(clean(name), LABEL_WIDTH, style.unicode ? "…" : "~"),
  );
  const labelWidth = Math.max(0, ...labels.map(widthOf));
  const values = chart.series.flatMap((series) => series.values);
  const valueWidth =
    Math.max(0, ...values.map((value) => String(value).length)) + chart.unit.length + 1;
  const room = Math.min(60, Math.max(4, style.width - labelWidth - valueWidth - 4));
  const top = Math.max(chart.max ?? 0, ...values, 1e-9);
  const single = chart.series.length === 1;
  const sign = (index: number): string => signs[single ? 1 : index % signs.length] ?? "#";
  const kind = (index: number): PaintKind => (!single && index === 0 ? "bar-before" : "bar");
  const legend = chart.series.map(({ name }, index) => `${sign(index)} ${clean(name)}`).join("  ");
  const title = clean(chart.title);
  return [
    style.paint("header", style.unicode ? title : ascii(title)),
    style.paint("dim", legend),
    ...labels.flatMap((label, category) =>
      chart.series.map((series, index) => {
        const value = series.values[category] ?? 0;
        const bar = sign(index).repeat(cells(value / top, room));
        const number = `${value} ${chart.unit}`.trimEnd();
        return `${pad(index === 0 ? label : "", labelWidth)}  ${style.paint(kind(index), bar)}${bar === "" ? "" : " "}${number}`;
      }),
    ),
  ];
}

const MARKS: Readonly<Record<"unicode" | "ascii", Readonly<Record<TaskState, string>>>> = {
  unicode: { waiting: "·", running: "…", done: "✓", failed: "✗", skipped: "-", unknown: "?" },
  ascii: { waiting: ".", running: ">", done: "+", failed: "x", skipped: "-", unknown: "?" },
};

const TONES: Readonly<Record<TaskState, PaintKind>> = {
  waiting: "dim",
  running: "plain",
  done: "good",
  failed: "bad",
  skipped: "warning",
  unknown: "warning",
};

/** Draws how far a list of work is: one bar for the whole, one line per piece. */
export function taskLines(block: TasksBlock, style: TerminalStyle): readonly string[] {
  const heads = taskHeads(block.tasks, style);
  const whole = progressBar(block.progress, Math.min(40, style.width - 12), style);
  return [
    `${style.paint("bar", whole)} ${Math.round(block.progress * 100)} %`,
    ...block.tasks.flatMap((task, index) => taskLine(task, heads[index] ?? "", style)),
  ];
}

/** Draws a bar that is filled to a fraction. */
function progressBar(
  fraction: number,
  width: number,
  style: Pick<TerminalStyle, "unicode">,
): string {
  const filled = cells(fraction, width);
  const [full, empty] = style.unicode ? (["▓", "░"] as const) : (["#", "-"] as const);
  return full.repeat(filled) + empty.repeat(Math.max(0, width - filled));
}

/** Writes state, title and way of each task, in columns. */
function taskHeads(tasks: readonly Task[], style: TerminalStyle): readonly string[] {
  const flat = (text: string): string => clean(text).replaceAll("\n", " ");
  const most = Math.floor(style.width / 3);
  const column = (texts: readonly string[]): readonly string[] => {
    const width = Math.min(most, Math.max(0, ...texts.map(widthOf)));
    return texts.map((text) => pad(truncate(text, width, style.unicode ? "…" : "~"), width));
  };
  const titles = column(tasks.map(({ title }) => flat(title)));
  const ways = column(tasks.map(({ about }) => flat(about ?? "")));
  const marks = MARKS[style.unicode ? "unicode" : "ascii"];
  return tasks.map(({ state }, index) =>
    ` ${marks[state]} ${pad(TASK_WORDS[state], 11)}  ${titles[index]}  ${ways[index]}`.trimEnd(),
  );
}

function taskLine(task: Task, head: string, style: TerminalStyle): readonly string[] {
  const shown = (text: string): string =>
    style.paint(TONES[task.state], style.unicode ? text : ascii(text));
  const bar = task.progress === undefined ? "" : `  ${progressBar(task.progress, 10, style)}`;
  const detail = clean(task.detail ?? "").replaceAll("\n", " ");
  const line = `${head}${bar}${detail === "" ? "" : `  ${detail}`}`;
  if (widthOf(line) <= style.width) return [shown(line)];
  return [
    shown(`${head}${bar}`),
    ...wrap(detail, style.width - 6).map((part) => shown(`      ${part}`)),
  ];
}

function cells(fraction: number, width: number): number {
  const bounded = Math.min(1, Math.max(0, fraction));
  const whole = Math.round(bounded * width);
  return bounded > 0 && whole === 0 ? 1 : whole;
}
