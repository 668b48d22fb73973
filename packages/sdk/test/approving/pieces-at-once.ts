import type { RunAnswer } from "../../src/actions/answers.ts";
import { Dice } from "../balancing/dice.ts";
import { closedStore } from "../store/support/fresh-store.ts";
import { GUESTS, openPrograms, type Program } from "./pieces.ts";

/** What became of pieces of a drain at the same instant. */
export interface AtOnce {
  readonly rounds: number;
  /** Rounds in which both pieces were let through at the class of a piece, by name; there must be none. */
  readonly slipped: readonly string[];
  /** How many rounds ended which way. */
  readonly ends: Readonly<Record<string, number>>;
}

/** Time enough that nobody has asked too often. */
const ROUND_MS = 60_000;
const UNASKED = 3;

/**
 * Lets two programs over one database bring about two pieces of a drain at the same instant: two votes, or a vote and a
 * piece that needs none. At most one may get through with the people that it takes alone.
 */
export async function piecesAtOnce(server: string, seed: number, rounds: number): Promise<AtOnce> {
  const made = await closedStore(server);
  const dice = new Dice(seed);
  const slipped: string[] = [];
  const ends: Record<string, number> = {};
  try {
    await using all = await openPrograms(made.options, 2);
    for (let round = 0; round < rounds; round += 1) {
      all.pass(ROUND_MS);
      const isVoted = round % 2 === 0;
      const answers = await together(all.programs, `c${round}`, isVoted, dice);
      const end = answers.map(wordOf).sort().join(" and ");
      const name = `${isVoted ? "two votes" : "a vote and a piece without"}: ${end}`;
      ends[name] = (ends[name] ?? 0) + 1;
      if (answers.every(isStarted)) slipped.push(`round ${round} of seed ${seed}`);
    }
  } finally {
    await made.remove();
  }
  return { rounds, slipped, ends };
}

async function together(
  programs: readonly Program[],
  cluster: string,
  isVoted: boolean,
  dice: Dice,
): Promise<readonly PromiseSettledResult<RunAnswer>[]> {
  const [one, other] = dice.chance(0.5) ? programs : programs.toReversed();
  if (one === undefined || other === undefined) throw new Error("two programs were to be opened");
  const cut = isVoted ? dice.whole(4, 6) : GUESTS - UNASKED;
  const [first, second] = [
    await one.plan("ana", cluster, 0, cut),
    await other.plan("ben", cluster, cut, GUESTS),
  ];
  const waiting = await one.apply("ana", first);
  const later = isVoted ? await other.apply("ben", second) : undefined;
  if (waiting.state !== "waiting") throw new Error("the first piece was to wait");
  const acts = [
    () => one.approve("eva", waiting.approval),
    () =>
      later?.state === "waiting"
        ? other.approve("gil", later.approval)
        : other.apply("ben", second),
  ];
  const order = dice.chance(0.5) ? acts : acts.toReversed();
  return Promise.allSettled(order.map((act) => act()));
}

function isStarted(answer: PromiseSettledResult<RunAnswer>): boolean {
  return answer.status === "fulfilled" && answer.value.state === "started";
}

function wordOf(answer: PromiseSettledResult<RunAnswer>): string {
  return answer.status === "fulfilled" ? answer.value.state : String(Object(answer.reason).code);
}
