import { styleText } from "node:util";
import type { Tone } from "../../view/model.ts";

/** How a terminal shows things. */
export interface TerminalOptions {
  /** Columns to fill; held between 40 and 200. Default 80, also for 0, which terminals say that do not know. */
  readonly width?: number | undefined;
  /** Colour as an extra; nothing is said by colour alone. Default false. */
  readonly color?: boolean | undefined;
  /** Whether bars, arrows and marks may go beyond ASCII. Default true. */
  readonly unicode?: boolean | undefined;
}

/** Terminal options with every choice made. */
export interface TerminalStyle {
  readonly width: number;
  readonly unicode: boolean;
  paint(kind: PaintKind, text: string): string;
}

/** What a piece of text is, for its colour. */
export type PaintKind = "title" | "header" | "dim" | "code" | "bar" | "bar-before" | Tone;

const FORMATS = {
  title: "bold",
  header: "bold",
  dim: "dim",
  code: "cyan",
  bar: "cyan",
  "bar-before": "yellow",
  plain: [],
  good: "green",
  warning: "yellow",
  bad: "red",
} as const satisfies Record<PaintKind, Parameters<typeof styleText>[0]>;

/** Fills in what the options leave open. */
export function terminalStyle(options: TerminalOptions = {}): TerminalStyle {
  const width = Math.min(200, Math.max(40, Math.floor(options.width || 80)));
  const color = options.color ?? false;
  return {
    width,
    unicode: options.unicode ?? true,
    paint: (kind, text) =>
      color && text !== "" && kind !== "plain"
        ? styleText(FORMATS[kind], text, { validateStream: false })
        : text,
  };
}

/** What this module needs to know of an output stream. */
export interface TerminalStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/**
 * Works out the options for a stream from the environment: no colour when piped, with `NO_COLOR` or on a dumb
 * terminal (unless `FORCE_COLOR`); ASCII where the locale is not UTF-8.
 */
export function terminalOptions(
  stream: TerminalStream,
  environment: Readonly<Record<string, string | undefined>>,
): Required<TerminalOptions> {
  const { NO_COLOR, FORCE_COLOR, TERM, COLUMNS, LC_ALL, LC_CTYPE, LANG } = environment;
  const forced = FORCE_COLOR !== undefined && FORCE_COLOR !== "" && FORCE_COLOR !== "0";
  const refused = (NO_COLOR ?? "") !== "" || TERM === "dumb";
  const locale = LC_ALL || LC_CTYPE || LANG || "";
  return {
    width: stream.columns || Number(COLUMNS) || 80,
    color: forced || (stream.isTTY === true && !refused),
    unicode: locale === "" || /utf-?8/i.test(locale),
  };
}

const ASCII: ReadonlyMap<string, string> = new Map([
  ["→", "->"],
  ["·", "-"],
  ["…", "..."],
  ["≤", "<="],
  ["≥", ">="],
  ["×", "x"],
  ["─", "-"],
]);

/** Replaces the signs of our own sentences where a terminal knows ASCII only. */
export function ascii(text: string): string {
  return text.replace(/[→·…≤≥×─]/g, (sign) => ASCII.get(sign) ?? sign);
}
