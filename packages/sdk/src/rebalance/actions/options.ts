import type { ReadContext } from "../../actions/context.ts";
import type { RebalanceOptions } from "../../balancing/index.ts";
import { pastMoves } from "../past-moves.ts";
import type { ClusterInput, PlanInput } from "./inputs.ts";

/** The options of a question: those of the configuration, and what differs from them this once. */
export function optionsOf(
  { systems }: ReadContext,
  { connection, options }: ClusterInput,
): RebalanceOptions {
  return { ...systems.balancing(connection), ...given(options) };
}

/** The options of a plan: the same, and what was moved before. */
export async function planOptions(
  context: ReadContext,
  input: PlanInput,
): Promise<RebalanceOptions> {
  const { connection, history: asked } = input;
  const options = optionsOf(context, input);
  const history = asked === "recorded" ? await pastMoves(context, connection) : asked;
  if (history === undefined) return options;
  return { ...options, history, now: input.now ?? new Date(context.clock.now()) };
}

/** What is undefined counts as not given. */
function given(options: RebalanceOptions = {}): RebalanceOptions {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries);
}
