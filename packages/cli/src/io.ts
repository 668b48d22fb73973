import type { Clock } from "@kappa4/sdk";

/** Where a command writes. */
export interface OutputStream {
  /** Writes a text as it is. */
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

/** Where a command reads. */
export interface InputStream {
  readonly isTTY?: boolean | undefined;
  /** Everything up to the end. */
  text(): Promise<string>;
  /** The next line, without its break; undefined at the end. */
  line(): Promise<string | undefined>;
}

/** The world of a command: the process in earnest, plain objects in tests. */
export interface CommandIo {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly stdin: InputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The directory that paths start from. */
  readonly cwd: string;
  readonly clock: Clock;
  /** Calls `listener` at each Ctrl-C, and when a service manager asks to stop, instead of ending the process; returns how to stop that. */
  onInterrupt(listener: () => void): () => void;
}
