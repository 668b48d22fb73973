import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { Caller } from "../../../packages/sdk/src/actions/actor.ts";
import type { RunAnswer, RunView } from "../../../packages/sdk/src/actions/answers.ts";
import type { Id } from "../../../packages/sdk/src/ids.ts";
import type { Dice } from "../../../packages/sdk/test/balancing/dice.ts";
import { sampleMove, samplePlan } from "../../../packages/sdk/test/rebalance/samples.ts";
import type { Tally } from "../tally.ts";
import type { Crew } from "./crew.ts";

/** What a round stands on. */
export interface RoundParts {
  readonly crew: Crew;
  readonly tally: Tally;
  readonly provider: string;
  readonly people: readonly Id<"usr">[];
  /** The cluster that two lanes change: there a newer plan may take the place of one that has not begun. */
  readonly shared: string;
  /** Called for a plan whose place another one has taken. */
  onSuperseded(): void;
  /** Called with every run that is over. */
  onEnded(cluster: string, run: RunView): void;
}

/** A move that is to be made, and only once. */
export interface Expected {
  readonly cluster: string;
  readonly guest: number;
}

/** What is said of a plan whose place a newer one has taken. */
const SUPERSEDED = /taken (its|the) place|replaced by a newer plan/;
const COPIES = 3;
const LOOK_MS = 150;
const LOCAL: Caller = { actor: { kind: "local" }, via: "sdk" };

/** One plan from its beginning to its end, everything asked for three times at once; returns the moves of it. */
export async function playRound(
  parts: RoundParts,
  number: number,
  cluster: string,
  dice: Dice,
): Promise<readonly Expected[]> {
  const { crew, tally, provider, people, shared } = parts;
  const guests = Array.from({ length: dice.whole(1, 6) }, (_, at) => number * 10 + at);
  await post(`${provider}/add/${cluster}`, guests);
  const moves = guests.map((guest) => sampleMove(guest, "n1", dice.pick(["n2", "n3"])));
  const [one, other] = dice.shuffled(people);
  const requester = dice.chance(0.5) || one === undefined ? LOCAL : person(one);
  const ask = (caller: Caller, action: string, input: unknown): Promise<unknown> =>
    askThrice(parts, number, cluster, { caller, action, input });

  const plan = await ask(requester, "rebalance.adopt", {
    connection: cluster,
    plan: { ...samplePlan(moves), cluster },
  });
  const { id } = plan as { readonly id: string };
  let answer = (await ask(requester, "rebalance.apply", { plan: id })) as RunAnswer;
  if (answer.state === "waiting" && other !== undefined) {
    const { id: approval, hash } = answer.approval;
    const vote = ask(person(other), "approvals.approve", { approval, hash });
    const voted = await vote.catch((error: unknown) => {
      if (cluster === shared && SUPERSEDED.test(String(error))) return undefined;
      throw error;
    });
    if (voted === undefined) return superseded();
    answer = voted as RunAnswer;
  }
  if (answer.state !== "started") throw new Error(`round ${number}: it was to start`);
  const run = await endOf(crew, cluster, answer.run.id);
  parts.onEnded(cluster, run);
  const { state, error } = run;
  if (cluster === shared && state === "skipped" && SUPERSEDED.test(error?.message ?? "")) {
    return superseded();
  }
  tally.check(state === "succeeded", () => {
    return `round ${number}: run ${run.shortId} ${state}: ${error?.message}`;
  });
  await post(`${provider}/remove/${cluster}`, guests);
  return guests.map((guest) => ({ cluster, guest }));

  /** None of its moves may be asked for: whoever counts the calls finds them strange. */
  async function superseded(): Promise<readonly Expected[]> {
    parts.onSuperseded();
    await post(`${provider}/remove/${cluster}`, guests);
    return [];
  }
}

function person(id: Id<"usr">): Caller {
  return { actor: { kind: "person", id }, via: "slack" };
}

/** Sends three copies of one request to different processes; everybody has to get the same answer. */
async function askThrice(
  { crew, tally }: RoundParts,
  number: number,
  cluster: string,
  order: { readonly caller: Caller; readonly action: string; readonly input: unknown },
): Promise<unknown> {
  const requestKey = `${number}:${order.action}`;
  const copies = Array.from({ length: COPIES }, (_, copy) =>
    crew.call(number + copy, { ...order, requestKey }, cluster),
  );
  const [first, ...others] = await Promise.all(copies);
  if (first?.error !== undefined) {
    throw new Error(`round ${number}, ${order.action}: ${first.error.message}`);
  }
  for (const other of others) {
    tally.check(isDeepStrictEqual(other.value, first?.value), () => {
      const said = other.error?.message ?? "something else";
      return `round ${number}: a copy of ${order.action} was answered with ${said}`;
    });
  }
  return first?.value;
}

async function endOf(crew: Crew, cluster: string, run: string): Promise<RunView> {
  for (let look = 0; ; look += 1) {
    const order = { caller: LOCAL, action: "runs.get", input: { run } };
    const { value } = await crew.call(look, order, cluster);
    const view = value as RunView | undefined;
    if (view?.endedAt !== undefined) return view;
    await sleep(LOOK_MS);
  }
}

async function post(url: string, body: unknown): Promise<void> {
  await fetch(url, { method: "POST", body: JSON.stringify(body) });
}
