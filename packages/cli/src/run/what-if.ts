import { failoverView, whatIfView } from "@kappa4/bot";
import type { WhatIfChange } from "@kappa4/sdk/balancing";
import type { CommandInput, RunCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { sizeFlag } from "../flags/guest-size.ts";
import { newRule } from "./new-rule.ts";
import { printAnswer } from "./print.ts";
import { withSource } from "./source.ts";

/** Prints what becomes of the guests of a node that fails, or of each node. */
export const runNodeFails: RunCommand = (input) => {
  const { positional: node } = input;
  return node === undefined ? checkAll(input) : ask(input, { kind: "node-fails", node });
};

/** Prints what a further node would change. */
export const runNodeAdded: RunCommand = (input) => {
  const { flags, positional: node = "" } = input;
  const like = flags.text("like");
  const { memoryBytes, cores } = sizes(input);
  const given = ["memory", "cores"].filter((name) => flags.has(name));
  for (const name of like === undefined ? [] : given) {
    flags.problem(name, "the new node is like another one; leave one out");
  }
  if (like !== undefined) return ask(input, { kind: "node-added", node, like });
  demand(input, "missing; give --like, or --memory and --cores of the new node");
  return ask(input, { kind: "node-added", node, memoryBytes, cores });
};

/** Prints how a node would be emptied. */
export const runDrain: RunCommand = (input) => {
  return ask(input, { kind: "drain", node: input.positional ?? "" });
};

/** Prints where a new guest would go. */
export const runGuestAdded: RunCommand = (input) => {
  const { flags } = input;
  const { memoryBytes, cores } = sizes(input);
  demand(input, "missing; a new guest has both --memory and --cores");
  const guest = { memoryBytes, cores, tags: flags.list("tag"), pool: flags.text("pool") };
  return ask(input, { kind: "guest-added", guest });
};

/** Prints what a new rule would change. */
export const runRuleAdded: RunCommand = (input) => {
  return ask(input, { kind: "rule-added", rule: newRule(input.flags) });
};

/** Prints what another target would change. */
export const runTarget: RunCommand = (input) => {
  const { flags, positional: text = "" } = input;
  const balanciness = /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
  if (!(balanciness > 0 && balanciness <= 100)) {
    flags.wrong("POINTS", `must be a number, above 0 and at most 100, not ${JSON.stringify(text)}`);
  }
  return ask(input, { kind: "target", balanciness });
};

function ask(input: CommandInput, change: WhatIfChange): Promise<number> {
  return withSource(input, async (source, options) => {
    const report = await source.whatIf([change], options);
    // The changed cluster is as large as the cluster itself, and nothing in it is news.
    const { snapshot: _snapshot, options: _options, ...answer } = report;
    printAnswer(input, answer, whatIfView(report));
    return report.impossible.length > 0 ? EXIT.stuck : EXIT.ok;
  });
}

function checkAll(input: CommandInput): Promise<number> {
  return withSource(input, async (source, options) => {
    const report = await source.failover(options);
    printAnswer(input, report, failoverView(report));
    return report.holds ? EXIT.ok : EXIT.stuck;
  });
}

function sizes({ flags }: CommandInput): { readonly memoryBytes: number; readonly cores: number } {
  const memoryBytes = sizeFlag(flags, "memory") ?? 0;
  return { memoryBytes, cores: flags.number("cores", { above: 0 }) ?? 0 };
}

function demand({ flags }: CommandInput, message: string): void {
  for (const name of ["memory", "cores"]) if (!flags.has(name)) flags.problem(name, message);
}
