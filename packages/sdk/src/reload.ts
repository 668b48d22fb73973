import { isDeepStrictEqual } from "node:util";
import { ConfigInvalidError, type Hide } from "@kappa4/connectors";
import type { ConnectionConfig, Kappa4Config } from "./config/index.ts";

/** What becomes of a configuration that was read again while a process runs. */
export interface Reloaded {
  /** What holds from then on. */
  readonly config: Kappa4Config;
  /** What of it is new, by its path, for example `balancing` or `connections.gold.balancing`. */
  readonly taken: readonly string[];
  /** What is otherwise too, and holds only for a new process. */
  readonly needsProcess: readonly string[];
}

/** What is asked for anew each time that it is needed. What is not said any more brings nothing new: what is kept goes on. */
const LIVE = ["balancing", "apply", "approvals"] as const;

/**
 * Takes of a new configuration what may change under a running process: how clusters are levelled, how plans are
 * carried out, how they are approved. Connections, people, the store and the bot were opened with what stood there.
 */
export function reloaded(before: Kappa4Config, after: Kappa4Config): Reloaded {
  const taken: string[] = LIVE.filter(
    (key) => after[key] !== undefined && isOther(before[key], after[key]),
  );
  const needsProcess: string[] = [];
  const connections: Record<string, ConnectionConfig> = {};
  for (const name of allKeys(before.connections, after.connections)) {
    const [old, young] = [before.connections[name], after.connections[name]];
    if (old !== undefined) connections[name] = old;
    if (old === undefined || young === undefined) {
      needsProcess.push(`connections.${name}`);
      continue;
    }
    const { balancing, ...rest } = young;
    const { balancing: oldBalancing, ...oldRest } = old;
    if (isOther(oldRest, rest)) needsProcess.push(`connections.${name}`);
    if (isOther(oldBalancing, balancing)) {
      taken.push(`connections.${name}.balancing`);
      connections[name] = { ...old, balancing };
    }
  }
  const others = allKeys(before, after).filter(
    (key) => key !== "$schema" && key !== "connections" && !LIVE.some((live) => live === key),
  );
  needsProcess.push(
    ...others.filter((key) => isOther(Reflect.get(before, key), Reflect.get(after, key))),
  );
  const { balancing, apply, approvals } = after;
  return { config: { ...before, balancing, apply, approvals, connections }, taken, needsProcess };
}

/**
 * Returns an error of reading it without the secrets that it quotes: a token may stand in a wrong place of the file,
 * and who has it read again need not be who wrote it.
 */
export function withoutSecrets(error: unknown, hide: Hide): unknown {
  if (!(error instanceof ConfigInvalidError)) return error;
  const issues = error.issues.map((issue) => ({ ...issue, message: hide(issue.message) }));
  return new ConfigInvalidError(hide(error.message), issues);
}

function isOther(one: unknown, other: unknown): boolean {
  return !isDeepStrictEqual(one, other);
}

function allKeys(one: object, other: object): readonly string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])];
}
