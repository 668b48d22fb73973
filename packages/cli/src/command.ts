import type { FlagValues } from "./flags/flag-values.ts";
import type { CommandIo } from "./io.ts";

/** A flag as it is declared. */
export interface FlagSpec {
  /** Placeholder of its value in the help; a flag without one is a switch. */
  readonly value?: string | undefined;
  /** May be given several times. */
  readonly multiple?: boolean | undefined;
  readonly summary: string;
}

/** A word after the command that is not a flag. */
export interface PositionalSpec {
  readonly name: string;
  readonly summary: string;
  readonly required: boolean;
}

/** What a command is given: its checked words, and the world. */
export interface CommandInput {
  readonly positional: string | undefined;
  readonly flags: FlagValues;
  /** The words after the command as they were typed. */
  readonly words: readonly string[];
  readonly io: CommandIo;
}

/** Does the work; returns the exit code. */
export type RunCommand = (input: CommandInput) => Promise<number>;

/** A command as it is declared: all that help needs, and where the work is. */
export interface CommandSpec {
  /** As typed: `rebalance dry-run`. */
  readonly name: string;
  readonly summary: string;
  readonly positional?: PositionalSpec | undefined;
  readonly flags: Readonly<Record<string, FlagSpec>>;
  /** Flags that people may expect here and that make no sense, each with the reason. */
  readonly refused?: Readonly<Record<string, string>> | undefined;
  readonly examples: readonly string[];
  /** What else the help says, as sentences. */
  readonly notes?: readonly string[] | undefined;
  /** Loads the work only when the command runs: help must not wait for connectors or chat libraries. */
  readonly load: () => Promise<RunCommand>;
}

/** Declares a command; the object comes back as it went in. */
export function defineCommand(spec: CommandSpec): CommandSpec {
  return spec;
}
