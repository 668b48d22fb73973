import { rename, stat, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type ApplyResult, configInvalid, readHistory } from "@kappa4/sdk";
import {
  createHistory,
  type RebalanceHistory,
  type RebalanceOptions,
  type RebalancePlan,
  recordMoves,
} from "@kappa4/sdk/balancing";
import type { CommandInput } from "../command.ts";
import type { CommandIo } from "../io.ts";
import { readText } from "./read-text.ts";

/** Reads the history that `--history` names, for a plan; a file that is not there yet is an empty one. */
export async function historyOptions({
  flags,
  io,
}: CommandInput): Promise<Pick<RebalanceOptions, "history" | "now">> {
  const path = flags.text("history");
  if (path === undefined) return {};
  const now = new Date(io.clock.now());
  const isThere = path === "-" || (await exists(resolve(io.cwd, path)));
  const history = isThere
    ? await readHistory(await readText(path, "--history", io), path)
    : createHistory();
  return { history, now };
}

/**
 * Adds what became of a plan to the file that `--history` names. Without a result nobody knows what was moved:
 * then all of it counts, since a move that was not made holds nothing.
 */
export async function keepHistory(
  { flags, io }: CommandInput,
  history: RebalanceHistory | undefined,
  plan: RebalancePlan,
  result: ApplyResult | undefined,
): Promise<void> {
  const path = flags.text("history");
  if (path === undefined) return;
  const made = result?.moves.filter(({ state }) => state === "done" || state === "unknown");
  const moves = made?.map(({ move }) => move) ?? plan.moves;
  const next = recordMoves(
    history ?? createHistory(),
    { ...plan, moves },
    new Date(io.clock.now()),
  );
  await replaceFile(path, `${JSON.stringify(next)}\n`, io);
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}

/** A reader never sees half a file. */
async function replaceFile(path: string, text: string, io: CommandIo): Promise<void> {
  const target = resolve(io.cwd, path);
  try {
    await writeFile(`${target}.new`, text);
    await rename(`${target}.new`, target);
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    const message = `${path} cannot be written (${String(error.code)}); the moves are made`;
    throw configInvalid("kappa4", [{ path: "--history", message }]);
  }
}
