import { bestNodeView } from "@kappa4/bot";
import type { NewGuest } from "@kappa4/sdk";
import type { CommandInput } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { sizeFlag } from "../flags/guest-size.ts";
import { planOptions } from "../flags/plan-options.ts";
import { lookOf, printAnswer } from "./print.ts";
import { openSource } from "./source.ts";

/** Prints the nodes, the best home for a guest first. Ends with 11 when none has room. */
export async function runBestNode(input: CommandInput): Promise<number> {
  const { flags, io, positional } = input;
  const options = planOptions(flags);
  const wanted = newGuest(input);
  lookOf(input, io.stdout);
  flags.check();
  const source = await openSource(input);
  try {
    const choices = await source.bestNode(positional ?? wanted, options);
    printAnswer(input, choices, bestNodeView(choices, { guest: positional ?? "the new guest" }));
    return choices.some(({ fits }) => fits) ? EXIT.ok : EXIT.stuck;
  } finally {
    await source.close();
  }
}

function newGuest({ flags, positional }: CommandInput): NewGuest {
  const cores = flags.number("cores", { above: 0 });
  const memoryBytes = sizeFlag(flags, "memory");
  const given = ["memory", "cores", "tag", "pool"].filter((name) => flags.has(name));
  for (const name of positional === undefined ? [] : given) {
    flags.problem(name, `describes a new guest, and ${positional} is there already; leave one out`);
  }
  const missing = ["memory", "cores"].filter((name) => !flags.has(name));
  for (const name of positional === undefined ? missing : []) {
    flags.problem(name, "missing; name a guest, or give --memory and --cores of a new one");
  }
  return {
    memoryBytes: memoryBytes ?? 0,
    cores: cores ?? 0,
    tags: flags.list("tag"),
    pool: flags.text("pool"),
  };
}
