import { applyResultView, planView, reachSentences } from "@kappa4/bot";
import { createProgressPrinter, renderTerminal } from "@kappa4/bot/terminal";
import {
  type ApplyResult,
  type ApplyRun,
  type ApprovalView,
  followApply,
  type Kappa4,
  readPlan,
} from "@kappa4/sdk";
import type { RebalancePlan } from "@kappa4/sdk/balancing";
import type { CommandInput } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { planOptions } from "../flags/plan-options.ts";
import type { CommandIo } from "../io.ts";
import { say } from "../say.ts";
import { applyCode } from "./apply-code.ts";
import { confirm, refuseSilence } from "./confirm.ts";
import { follow } from "./follow.ts";
import { historyOptions, keepHistory } from "./history.ts";
import { finishInterrupted } from "./interrupted.ts";
import { namesIn } from "./names-in.ts";
import { lookOf, printJson } from "./print.ts";
import { readText } from "./read-text.ts";
import { openConnection, planInputOf } from "./source.ts";

/** Plans or takes a plan, asks, applies it, and measures what became of it. */
export async function runApply(input: CommandInput): Promise<number> {
  const { flags, io } = input;
  const options = planOptions(flags);
  const reason = flags.reason();
  const look = lookOf(input, io.stdout);
  refuseMixedFlags(input);
  refuseSilence(input);
  flags.check();
  const file = flags.text("plan");
  const given =
    file === undefined ? undefined : await readPlan(await readText(file, "--plan", io), file);
  const past = await historyOptions(input);
  const { kappa4, connection } = await openConnection(input);
  let mustWait = true;
  try {
    const before = watcher(input);
    mustWait = await finishInterrupted(kappa4, connection, io, before.watch);
    if (!mustWait) return EXIT.cancelled;
    const asked = { connection, ...planInputOf({ ...options, ...past }) };
    const plan = given ?? (await kappa4.rebalance.preview(asked));
    const talk = flags.has("json") ? io.stderr : io.stdout;
    talk.write(`${renderTerminal(planView(plan), look)}\n`);
    if (plan.moves.length === 0) {
      await keepHistory(input, past.history, plan, undefined);
      return standing(input, await kappa4.rebalance.measure({ connection, plan }));
    }
    if (!(await mayMove(kappa4, connection, io))) return EXIT.error;
    if (!(await confirm(input, `Move ${count(plan)} of ${connection}?`))) {
      talk.write("Nothing was moved.\n");
      return EXIT.cancelled;
    }
    const maxParallel = flags.number("max-parallel");
    const stored = await kappa4.rebalance.adopt({ connection, plan });
    const answer = await kappa4.rebalance.apply({ plan: stored.id, reason, maxParallel });
    if (answer.state === "waiting") return await waiting(input, kappa4, answer.approval);
    const { watch, isInterrupted } = watcher(input);
    const ours = { stopReason: "Ctrl-C" };
    const result = await watch(followApply(kappa4, stored, answer.run, ours));
    mustWait = result !== undefined;
    await keepHistory(input, past.history, plan, result);
    return result === undefined ? EXIT.cancelled : report(input, result, isInterrupted());
  } finally {
    if (mustWait) await kappa4.close();
  }
}

/** What aims a plan has no meaning for a plan that is there already. */
function refuseMixedFlags({ flags }: CommandInput): void {
  if (!flags.has("plan")) return;
  for (const name of [
    "method",
    "mode",
    "balanciness",
    "max-moves",
    "max-move-bytes",
    "max-minutes",
    "maintenance",
    "ignore-node",
    "only",
  ]) {
    if (flags.has(name))
      flags.problem(name, "aims a new plan, and --plan gives one; leave one out");
  }
}

/** Nobody should say yes to what the account cannot do: tells it, and returns whether it may do all. */
async function mayMove(kappa4: Kappa4, connection: string, io: CommandIo): Promise<boolean> {
  const missing = await kappa4.cluster.checkAccess({ connection });
  if (missing.length === 0) return true;
  const lines = missing.map(
    ({ privilege, path, reason }) => `  ${privilege} on ${path}: ${reason}`,
  );
  say(
    io.stderr,
    `kappa4: Nothing was moved: the account of ${connection} lacks what moving needs; grant it, then apply again.\n${lines.join("\n")}`,
  );
  return false;
}

/** What prints a run until it ends, and knows whether it was this terminal that stopped it. */
interface Watcher {
  watch(run: ApplyRun): Promise<ApplyResult | undefined>;
  isInterrupted(): boolean;
}

function watcher(input: CommandInput): Watcher {
  const { flags, io } = input;
  const talk = flags.has("json") ? io.stderr : io.stdout;
  let isInterrupted = false;
  return {
    isInterrupted: () => isInterrupted,
    watch(run) {
      const printer = createProgressPrinter(talk, {
        ...lookOf(input, talk),
        interactive: talk.isTTY === true,
        rows: talk.rows,
        now: io.clock.now,
      });
      const cancel = (): void => {
        isInterrupted = true;
        run.cancel();
      };
      return follow({ ...run, cancel }, printer, io);
    },
  };
}

/** Others have to say yes first, as the configuration wants it of whoever holds this machine too. */
async function waiting(
  { io }: CommandInput,
  kappa4: Kappa4,
  { shortId, quorum, requestedBy = "" }: ApprovalView,
): Promise<number> {
  const people = quorum.approvals === 1 ? "1 person has" : `${quorum.approvals} people have`;
  const nameOf = await namesIn(kappa4);
  const asker = requestedBy === "local" ? "whoever holds this machine" : nameOf(requestedBy);
  const look = `kappa4 call approvals.get --input '{"approval":"${shortId}"}'`;
  say(
    io.stdout,
    `Approval ${shortId} was asked for by ${asker}: ${people} to approve it before anything moves.\n` +
      "The terminal could be anybody, so nobody votes here: they approve or deny it in Slack, while `kappa4 start` runs,\n" +
      `with /approve ${shortId}. It starts by itself then. How it stands says /approve show ${shortId} there; and here, with an\n` +
      `embedded store only while nothing else has it open: ${look}`,
  );
  return EXIT.stuck;
}

/** Nothing was moved, and whether a node is empty or a rule cannot hold has to be known all the same. */
function standing(input: CommandInput, result: ApplyResult): number {
  const { flags, io } = input;
  if (flags.has("json")) printJson(input, result);
  else for (const sentence of reachSentences(result)) say(io.stdout, sentence);
  return applyCode(result, false);
}

function report(input: CommandInput, result: ApplyResult, isInterrupted: boolean): number {
  const { flags, io } = input;
  if (flags.has("json")) printJson(input, result);
  else io.stdout.write(`\n${renderTerminal(applyResultView(result), lookOf(input, io.stdout))}`);
  return applyCode(result, isInterrupted);
}

function count({ moves }: RebalancePlan): string {
  const guests = new Set(moves.map(({ guest }) => guest)).size;
  return guests === 1 ? "1 guest" : `${guests} guests`;
}
