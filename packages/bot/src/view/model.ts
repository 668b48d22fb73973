/**
 * What a message says, before any surface draws it: Slack, a terminal and those to come get the same view.
 * All text is plain: names from outside systems cannot smuggle in markup, because only {@link Inline} pieces carry any.
 */
export interface View {
  readonly blocks: readonly Block[];
  /** What belongs to the message and is too long for it. Surfaces that show everything leave files out. */
  readonly files?: readonly ViewFile[] | undefined;
}

/** One part of a view. */
export type Block =
  | TitleBlock
  | TextBlock
  | FactsBlock
  | TableBlock
  | BarChartBlock
  | TasksBlock
  | ActionsBlock
  | NoteBlock
  | CodeBlock;

/** A piece of running text. */
export type Inline =
  | string
  | { readonly bold: string }
  | { readonly code: string }
  | PersonInline
  | TimeInline;

/** Names a person by the id the surface knows; drawn as a mention where there are mentions. */
export interface PersonInline {
  readonly person: string;
}

/** A time of day, in the reader's own zone where the surface knows it, else in UTC. */
export interface TimeInline {
  readonly time: Date;
}

/** Running text: one piece or several. */
export type RichText = string | readonly Inline[];

/** Whether something is good or bad news. Only ever an extra: the words say it too. */
export type Tone = "plain" | "good" | "warning" | "bad";

/** What the message is about, in one short line. */
export interface TitleBlock {
  readonly kind: "title";
  readonly text: string;
}

/** A paragraph. */
export interface TextBlock {
  readonly kind: "text";
  readonly text: RichText;
  /** Default `plain`. */
  readonly tone?: Tone | undefined;
}

/** Pairs of a name and a value. */
export interface FactsBlock {
  readonly kind: "facts";
  readonly facts: readonly { readonly name: string; readonly value: string }[];
}

/** A column of a table. */
export interface Column {
  readonly header: string;
  /** Default `left`. */
  readonly align?: "left" | "right" | undefined;
}

/** Rows and columns, with a caption for those who hear the message instead of seeing it. */
export interface TableBlock {
  readonly kind: "table";
  readonly caption: string;
  readonly columns: readonly Column[];
  /** Each row has one cell per column. */
  readonly rows: readonly (readonly string[])[];
  /** Index of the column that names its row. */
  readonly rowHeader: number;
  /** `grid`: figures to compare; `lines`: a list with sentences in it, a line per row on chat surfaces. Default `grid`. */
  readonly layout?: "grid" | "lines" | undefined;
}

/** Groups of bars: one group per category, one bar per series. */
export interface BarChartBlock {
  readonly kind: "barChart";
  readonly title: string;
  readonly categories: readonly string[];
  /** One value per category each. */
  readonly series: readonly { readonly name: string; readonly values: readonly number[] }[];
  /** Written behind each value, for example `%`. */
  readonly unit: string;
  /** Top of the scale. Default: the largest value. */
  readonly max?: number | undefined;
  /** Every value in words. */
  readonly alt: string;
  /** The view's table has the same figures, so a text without pictures may leave the chart out. */
  readonly tabulated?: boolean | undefined;
}

/** Where a piece of work stands. */
export type TaskState = "waiting" | "running" | "done" | "failed" | "skipped" | "unknown";

/** A piece of work in a list of them. */
export interface Task {
  readonly state: TaskState;
  readonly title: string;
  /** What is done to it, for example the way a guest takes. */
  readonly about?: string | undefined;
  /** How far or how long, or why not. */
  readonly detail?: string | undefined;
  /** 0 to 1. */
  readonly progress?: number | undefined;
}

/** Work and how far it is. */
export interface TasksBlock {
  readonly kind: "tasks";
  readonly title: string;
  /** Of the whole, 0 to 1. */
  readonly progress: number;
  readonly tasks: readonly Task[];
}

/** Something the reader can do next. */
export interface Action {
  readonly label: string;
  /** What the surface sends back when it is pressed; gives no right to anything. Absent on surfaces without buttons. */
  readonly value?: string | undefined;
  /** Default `plain`. */
  readonly style?: "plain" | "primary" | "danger" | undefined;
  /** Asked before the action is sent. */
  readonly confirm?: Confirm | undefined;
  /** What to type for the same effect; shown where there are no buttons. */
  readonly command?: string | undefined;
}

/** A question before an action. */
export interface Confirm {
  readonly title: string;
  readonly text: string;
  readonly accept: string;
  readonly dismiss: string;
}

/** What the reader can do next; at most four, the first is the likeliest. */
export interface ActionsBlock {
  readonly kind: "actions";
  readonly actions: readonly Action[];
}

/** Small print. */
export interface NoteBlock {
  readonly kind: "note";
  readonly text: RichText;
}

/** Text in which every character counts. */
export interface CodeBlock {
  readonly kind: "code";
  readonly text: string;
}

/** A file that goes with a message. */
export interface ViewFile {
  readonly name: string;
  readonly title: string;
  readonly content: string;
}

/** Something a surface could not show in full; the message itself says so too. */
export interface Lossy {
  /** Place in the view, for example `blocks[3].rows`. */
  readonly path: string;
  /** One sentence. */
  readonly message: string;
}
