import { bestNodeView } from "@kappa4/bot";
import type { GuestId } from "@kappa4/connectors";
import { type NewGuest, parseByteSize } from "@kappa4/sdk";
import type { CommandInput } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { planOptions } from "../flags/plan-options.ts";
import { findGuest } from "./find-guest.ts";
import { refuseUnknownNodes } from "./known-nodes.ts";
import { lookOf, printAnswer } from "./print.ts";
import { openSource, type Source } from "./source.ts";

/** Prints the nodes, the best home for a guest first. Ends with 11 when none has room. */
export async function runBestNode(input: CommandInput): Promise<number> {
  const { flags, io } = input;
  const options = planOptions(flags);
  const wanted = newGuest(input);
  lookOf(input, io.stdout);
  flags.check();
  const source = await openSource(input);
  try {
    const { guest, name } = await subject(input, wanted, source);
    const choices = await source.bestNode(guest, options);
    refuseUnknownNodes(
      flags,
      choices.map(({ node }) => ({ name: node })),
    );
    printAnswer(input, choices, bestNodeView(choices, { guest: name }));
    return choices.some(({ fits }) => fits) ? EXIT.ok : EXIT.stuck;
  } finally {
    await source.close();
  }
}

interface Subject {
  readonly guest: GuestId | NewGuest;
  readonly name: string;
}

async function subject(
  { positional }: CommandInput,
  wanted: NewGuest,
  source: Source,
): Promise<Subject> {
  if (positional === undefined) return { guest: wanted, name: "the new guest" };
  const { id, name } = findGuest(await source.snapshot(), positional);
  return { guest: id, name };
}

function newGuest({ flags, positional }: CommandInput): NewGuest {
  const cores = flags.number("cores", { above: 0 });
  const memory = flags.text("memory");
  const memoryBytes = memory === undefined ? undefined : parseByteSize(memory);
  if (memory !== undefined && memoryBytes === undefined) {
    flags.problem("memory", `must be a size such as 8GiB, not ${JSON.stringify(memory)}`);
  }
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
