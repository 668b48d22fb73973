import type { CommandInput } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { say } from "../say.ts";
import { printJson } from "./print.ts";
import { openConnection } from "./source.ts";

/** Prints the whole cluster as a file. */
export async function runSnapshot(input: CommandInput): Promise<number> {
  const { flags, io } = input;
  const { kappa4, connection } = await openConnection(input);
  try {
    const detail = flags.has("quick") ? "overview" : "full";
    const snapshot = await kappa4.cluster.snapshot({ connection, detail, psi: flags.has("psi") });
    for (const warning of snapshot.meta.warnings ?? []) say(io.stderr, `note: ${warning}`);
    printJson(input, snapshot);
    return EXIT.ok;
  } finally {
    await kappa4.close();
  }
}
