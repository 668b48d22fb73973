import { parseArgs } from "node:util";
import { contest, type Round } from "../packages/sdk/test/balancing/contest.ts";
import { table } from "./machine.ts";

const WITHIN = 1.1;
const SHARE = 0.99;
/** So many seeds of each kind of trouble are named. */
const NAMED = 12;

/**
 * Sets the engine against an exact search on small random clusters: `--count 10000 --first 1 --effort 1`. Answers
 * whether it reaches the target wherever a safe way leads there, within 1.10 of the cheapest in 99 %.
 */
export async function run(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      count: { type: "string", default: "1000" },
      first: { type: "string", default: "1" },
      effort: { type: "string", default: "1" },
    },
  });
  const first = Number(values.first);
  const rounds = Array.from({ length: Number(values.count) }, (_, index) =>
    contest(first + index, Number(values.effort)),
  );
  const having = (result: Round["result"]): Round[] =>
    rounds.filter((round) => round.result === result);
  const solved = having("solved");
  const close = solved.filter(({ ratio }) => ratio <= WITHIN);
  const wrong = rounds.filter(({ problems }) => problems.length > 0);
  const part = (some: readonly Round[]): string =>
    `${((100 * some.length) / solved.length).toFixed(2)} %`;
  const far = solved.filter(({ ratio }) => ratio > WITHIN);
  console.log(
    table([
      ["small clusters", rounds.length, ""],
      ["no placement holds everything", having("impossible").length, ""],
      ["one does, and no safe way leads to any", having("no way").length, ""],
      ["a safe way leads there, and the plan misses it", having("missed").length, ""],
      ["solved", solved.length, ""],
      [
        "  as cheap as can be",
        ...counted(
          solved.filter(({ ratio }) => ratio <= 1.001),
          part,
        ),
      ],
      [`  within ${WITHIN} of the cheapest`, ...counted(close, part)],
      [
        `  within ${WITHIN} of the cheapest end, safe way or not`,
        ...counted(
          solved.filter(({ endRatio }) => endRatio <= WITHIN),
          part,
        ),
      ],
      ["  dearest", Math.max(...solved.map(({ ratio }) => ratio)).toFixed(2), ""],
      ["plans with anything wrong", wrong.length, ""],
    ]),
  );
  name("missed", having("missed"));
  name(
    `dearer than ${WITHIN}`,
    far.toSorted((a, b) => b.ratio - a.ratio),
  );
  for (const { seed, problems } of wrong.slice(0, NAMED))
    console.log(`seed ${seed}: ${problems[0]}`);
  const isGood = having("missed").length === 0 && close.length >= SHARE * solved.length;
  console.log(
    `${isGood && wrong.length === 0 ? "holds" : "BROKEN"}: ${part(close)} within ${WITHIN}`,
  );
  return isGood && wrong.length === 0;
}

function counted(rounds: readonly Round[], part: (some: readonly Round[]) => string) {
  return [rounds.length, part(rounds)] as const;
}

function name(what: string, rounds: readonly Round[]): void {
  if (rounds.length === 0) return;
  const seeds = rounds.slice(0, NAMED).map(({ seed, ratio }) => {
    return Number.isNaN(ratio) ? seed : `${seed} (${ratio.toFixed(2)})`;
  });
  console.log(`${what}: seeds ${seeds.join(", ")}${rounds.length > NAMED ? " ..." : ""}`);
}
