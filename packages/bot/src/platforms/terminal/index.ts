export { clean } from "../../view/text.ts";
export type {
  ProgressPrinter,
  ProgressPrinterOptions,
  ProgressStream,
} from "./progress-printer.ts";
export { createProgressPrinter } from "./progress-printer.ts";
export { renderTerminal } from "./render.ts";
export type { TerminalOptions, TerminalStream } from "./style.ts";
export { terminalOptions } from "./style.ts";
