import { ConfigInvalidError, closest, configInvalid, hiding, Kappa4Error } from "@kappa4/sdk";
import type { CommandSpec } from "./command.ts";
import { EXIT } from "./exit-codes.ts";
import type { FlagValues } from "./flags/flag-values.ts";
import { readArguments } from "./flags/read-arguments.ts";
import { usageError } from "./flags/usage-error.ts";
import type { CommandIo } from "./io.ts";
import { say } from "./say.ts";

/** Finds and runs the command that the words begin with; errors become one message and an exit code. */
export async function runCommand(
  commands: readonly CommandSpec[],
  words: readonly string[],
  io: CommandIo,
): Promise<number> {
  try {
    const command = findCommand(commands, words);
    const rest = words.slice(command.name.split(" ").length);
    const run = await command.load();
    const given = readArguments(command, rest);
    try {
      return await run({ ...given, words: rest, io });
    } catch (error) {
      throw blame(command, given.flags, error);
    }
  } catch (error) {
    return showError(error, io);
  }
}

/** Puts the flag before a message about its value: people know what they typed, not what it is called inside. */
function blame(command: CommandSpec, flags: FlagValues, error: unknown): unknown {
  if (!Kappa4Error.is(error)) return error;
  if (error.code !== "invalid_argument" && error.code !== "not_found") return error;
  const { target } = error.context;
  // A switch has no value, and neither has an error that names nothing.
  const flag = target === undefined || target === "" ? undefined : flags.flagWith(target);
  if (flag === undefined) return error;
  return usageError(command, [{ path: `--${flag}`, message: error.message }]);
}

function findCommand(commands: readonly CommandSpec[], words: readonly string[]): CommandSpec {
  const found = commands.find(({ name }) => {
    const parts = name.split(" ");
    return parts.every((part, index) => words[index] === part);
  });
  if (found !== undefined) return found;
  const path = words
    .slice(0, 2)
    .filter((word) => !word.startsWith("-"))
    .join(" ");
  const [first = ""] = words;
  const message = first.startsWith("-")
    ? "a flag comes behind its command, for example kappa4 rebalance dry-run --json; see kappa4 help"
    : `no such command; ${adviceFor(path.split(" "), commands)}`;
  throw configInvalid("kappa4", [{ path: first.startsWith("-") ? first : path, message }]);
}

/** Each word has its own typing errors: `rebalnce dryrun` is two of them. */
function adviceFor(typed: readonly string[], commands: readonly CommandSpec[]): string {
  const names = commands.map(({ name }) => name.split(" "));
  const first = closest(
    typed[0] ?? "",
    names.map(([word = ""]) => word),
  );
  const whole = names.find(([, verb]) => verb !== undefined && verb === typed[0]);
  if (whole !== undefined) return `did you mean ${whole.join(" ")}?`;
  if (first === undefined) return "see kappa4 help";
  const verbs = names.flatMap(([word, verb]) =>
    word === first && verb !== undefined ? [verb] : [],
  );
  if (verbs.length === 0) return `did you mean ${first}?`;
  const verb = closest(typed[1] ?? "", verbs);
  if (verb !== undefined) return `did you mean ${first} ${verb}?`;
  return `${first} needs one of ${verbs.join(", ")}`;
}

function showError(error: unknown, io: CommandIo): number {
  const isDebugging = (io.env.KAPPA4_DEBUG ?? "") !== "";
  // People type and paste what they should not, and errors of libraries repeat what they were given.
  const hide = hiding(io.env);
  const tell = (text: string): void => say(io.stderr, hide(text));
  if (isDebugging && error instanceof Error) tell(String(error.stack));
  if (!Kappa4Error.is(error)) {
    const advice = isDebugging
      ? ""
      : " Run it again with KAPPA4_DEBUG=1 to see where, and report it.";
    const reason = error instanceof Error ? error.message : String(error);
    tell(`kappa4: internal: ${reason}${advice}`);
    return EXIT.error;
  }
  if (error instanceof ConfigInvalidError || error.code === "config_invalid") {
    tell(error.message);
    return EXIT.usage;
  }
  tell(`kappa4: ${error.message} (${error.code})`);
  return CODES[error.code] ?? EXIT.error;
}

const CODES: Readonly<Record<string, number>> = {
  invalid_argument: EXIT.usage,
  not_found: EXIT.usage,
  plan_stale: EXIT.stale,
};
