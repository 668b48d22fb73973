import {
  configInvalid,
  describeActions,
  followApply,
  type Kappa4,
  type PlanView,
  type RunAnswer,
} from "@kappa4/sdk";
import type { RebalancePlan } from "@kappa4/sdk/balancing";
import type { CommandInput } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { say } from "../say.ts";
import { unknownAction } from "./actions.ts";
import { applyCode } from "./apply-code.ts";
import { jsonText, printJson } from "./print.ts";
import { readText } from "./read-text.ts";
import { sayWaiting } from "./say-waiting.ts";
import { openKappa4 } from "./source.ts";

/** An action whose types only its schema knows. */
type AnyCall = (
  input: unknown,
  options: { readonly requestKey: string | undefined },
) => Promise<unknown>;

/** Calls an action and prints its answer. */
export async function runCall(input: CommandInput): Promise<number> {
  const { flags } = input;
  flags.check();
  await mustBeAction(input.positional ?? "");
  const given = await inputOf(input);
  // What waits is begun by who works on it to its end, and not by who asks for something else in passing.
  const kappa4 = await openKappa4(input, undefined, "when_started");
  try {
    const call = await callOf(kappa4, input.positional ?? "");
    if (flags.has("work")) await kappa4.start();
    else if (WAITING.includes(input.positional ?? "")) await tellOfWaiting(input, kappa4, given);
    const answer = await call(given, { requestKey: flags.text("request-key") });
    if (isStream(answer)) return await printStream(input, answer);
    if (isAnswer(answer) && answer.warning !== undefined)
      say(input.io.stderr, `note: ${answer.warning}`);
    if (isStarted(answer) && flags.has("wait")) {
      await kappa4.start();
      return await waitFor(input, kappa4, answer.run.id);
    }
    if (isStarted(answer)) say(input.io.stderr, leftNote(answer.run.shortId));
    printJson(input, answer);
    return EXIT.ok;
  } finally {
    await kappa4.close();
  }
}

const WAITING = ["runs.wait", "runs.watch"];

function leftNote(run: string): string {
  return `note: Run ${run} is carried out by a program that works on runs, if one is on; kappa4 call runs.wait --work --input '{"run":"${run}"}' works on it too, and --wait would have.`;
}

/** Who only looks begins nobody's work, and waits for ever where nobody does any. */
async function tellOfWaiting({ io }: CommandInput, kappa4: Kappa4, given: unknown): Promise<void> {
  const get = await callOf(kappa4, "runs.get");
  const { shortId, endedAt } = Object(await get(given, { requestKey: undefined }));
  if (endedAt !== undefined) return;
  const note = `note: This only waits for run ${shortId}: a program that works on runs carries it out, if one is on; --work does so here, with whatever else waits.`;
  say(io.stderr, note);
}

/** What is mistyped is told before anything else is looked for. */
async function mustBeAction(name: string): Promise<void> {
  const all = await describeActions();
  if (!all.some((action) => action.name === name)) throw await unknownAction(name);
}

async function callOf(kappa4: Kappa4, name: string): Promise<AnyCall> {
  const [noun = "", verb = "", ...rest] = name.split(".");
  const verbs: unknown = Object.entries(kappa4).find(([key]) => key === noun)?.[1];
  const call: unknown = Object.entries(Object(verbs)).find(([key]) => key === verb)?.[1];
  // What is beside the actions, such as `close`, has no noun.
  if (typeof call !== "function" || rest.length > 0 || typeof verbs !== "object")
    throw await unknownAction(name);
  return call as AnyCall;
}

async function inputOf({ flags, io }: CommandInput): Promise<unknown> {
  const given = flags.text("input") ?? "{}";
  const text = given === "-" ? await readText("-", "--input", io) : given;
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : "unreadable";
    const message = `is no JSON: ${reason}; write it as in '{"run":"R-11CD"}'`;
    throw configInvalid("the command line", [{ path: "--input", message }]);
  }
}

async function printStream({ io }: CommandInput, answer: AsyncIterable<unknown>): Promise<number> {
  for await (const one of answer) {
    // What is text already is a file in parts: it is passed on to the letter.
    io.stdout.write(typeof one === "string" ? one : `${jsonText(one)}\n`);
  }
  sayWaiting(io, answer);
  return EXIT.ok;
}

async function waitFor(input: CommandInput, kappa4: Kappa4, run: string): Promise<number> {
  const ended = await kappa4.runs.wait({ run });
  printJson(input, ended);
  if (ended.action === "rebalance.apply") {
    const plan = await kappa4.plans.get({ plan: ended.plan });
    const { result } = followApply(kappa4, plan as PlanView<RebalancePlan>, ended);
    return applyCode(await result, false);
  }
  if (ended.state === "succeeded") return EXIT.ok;
  if (ended.state === "stale") return EXIT.stale;
  return ended.state === "cancelled" ? EXIT.stopped : EXIT.failed;
}

function isStream(answer: unknown): answer is AsyncIterable<unknown> {
  return typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer;
}

function isAnswer(answer: unknown): answer is RunAnswer {
  return typeof answer === "object" && answer !== null && "state" in answer && "plan" in answer;
}

function isStarted(answer: unknown): answer is Extract<RunAnswer, { state: "started" }> {
  return isAnswer(answer) && answer.state === "started" && "run" in answer;
}
