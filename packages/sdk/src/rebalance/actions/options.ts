import type { ReadContext } from "../../actions/context.ts";
import type { RebalanceOptions } from "../../balancing/index.ts";
import { type Levelling, type LevellingOptions, levellingOf } from "../../settings/levelling.ts";
import { pastMoves } from "../past-moves.ts";
import type { ClusterInput, PlanInput } from "./inputs.ts";

/** The options of a question: how the cluster is levelled, and what differs from that this once. */
export async function optionsOf(
  context: ReadContext,
  { connection, options }: ClusterInput,
  more?: LevellingOptions,
): Promise<Levelling> {
  const standing = await levellingOf(context, connection, more);
  const asked = given(options);
  if (asked.maintenanceNodes === undefined) return { ...standing, ...asked };
  // What people put into maintenance stays so, whatever is emptied besides.
  const maintenanceNodes = [...new Set([...asked.maintenanceNodes, ...(standing.keptEmpty ?? [])])];
  return { ...standing, ...asked, maintenanceNodes };
}

/** The options of a plan: the same, and what was moved before. */
export async function planOptions(
  context: ReadContext,
  input: PlanInput,
  more?: LevellingOptions,
): Promise<Levelling> {
  const { connection, history: asked } = input;
  const options = await optionsOf(context, input, more);
  const history = asked === "recorded" ? await pastMoves(context, connection, more) : asked;
  if (history === undefined) return options;
  return { ...options, history, now: input.now ?? new Date(context.clock.now()) };
}

/** What is undefined counts as not given. */
function given(options: RebalanceOptions = {}): RebalanceOptions {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries);
}
