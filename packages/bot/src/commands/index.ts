import { approve } from "./approve.ts";
import type { Command } from "./define.ts";
import { rebalance } from "./rebalance.ts";

/** Every command, by name. A new command is one line here. */
export const commands: Readonly<Record<string, Command>> = { rebalance, approve };
