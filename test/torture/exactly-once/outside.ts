import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { CallSeen } from "../../../packages/sdk/test/exactly-once/provider.ts";
import type { TortureOptions } from "../main.ts";
import type { Crew } from "./crew.ts";
import type { Expected } from "./rounds.ts";

const provider = fileURLToPath(
  new URL("../../../packages/sdk/test/exactly-once/provider.ts", import.meta.url),
);

/** The outside system, in a process of its own that nobody stops. */
export interface Provider {
  readonly child: ChildProcess;
  readonly url: string;
  /** What it was asked for so far. */
  calls(): Promise<readonly CallSeen[]>;
}

/** Starts it. */
export async function startProvider(): Promise<Provider> {
  const child = spawn(process.execPath, [provider], { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await once(child.stdout, "data");
  const url = String(line).trim();
  const calls = async (): Promise<readonly CallSeen[]> =>
    (await (await fetch(`${url}/calls`)).json()) as readonly CallSeen[];
  return { child, url, calls };
}

/** Looks that nobody was asked to move anything in a cluster by who has no connection to it. */
export function checkLacked(
  { all }: Crew,
  calls: readonly CallSeen[],
  tally: TortureOptions["tally"],
): void {
  const clustersOf = new Map(all.map(({ pid, clusters }) => [pid, clusters]));
  const wrong = calls.filter(({ pid, cluster }) => !clustersOf.get(pid)?.includes(cluster));
  tally.check(wrong.length === 0, () => {
    return `${wrong.length} moves were asked for by processes without that connection`;
  });
}

/** Compares what was to be done with what the outside system has counted; returns how many calls there were too many. */
export function countCalls(
  expected: readonly Expected[],
  calls: readonly CallSeen[],
  tally: TortureOptions["tally"],
): number {
  const nameOf = ({ cluster, guest }: Expected): string => `${cluster}/${guest}`;
  const names = new Set(expected.map(nameOf));
  const counts = new Map<string, CallSeen[]>();
  for (const call of calls) {
    const seen = counts.get(nameOf(call)) ?? [];
    counts.set(nameOf(call), [...seen, call]);
  }
  for (const move of expected) {
    const seen = counts.get(nameOf(move)) ?? [];
    tally.check(seen.length === 1 && seen[0]?.isAccepted === true, () => {
      const who = seen.map(({ pid, isAccepted }) => `${pid}${isAccepted ? "" : " refused"}`);
      return `the move of ${nameOf(move)} was asked for ${seen.length} times, by ${who.join(", ")}`;
    });
  }
  const strange = [...counts.keys()].filter((name) => !names.has(name));
  tally.check(strange.length === 0, () => `moves that nobody has approved: ${strange}`);
  return calls.length - expected.length;
}
