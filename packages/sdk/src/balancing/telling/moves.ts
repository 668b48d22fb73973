import type { Outcome } from "../order/outcome.ts";
import type { Transfer } from "../order/traffic.ts";
import type { Move } from "../plan.ts";
import { Alternatives } from "./alternatives.ts";
import { Gains } from "./gains.ts";
import { type Effect, Reasons } from "./reasons.ts";

/** Writes the moves of a plan, each with its figures right before and right after it. */
export function writeMoves(outcome: Outcome): readonly Move[] {
  const { model, waves } = outcome;
  const { level } = model.resources;
  const reasons = new Reasons(outcome);
  const gains = new Gains(outcome);
  const alternatives = new Alternatives(outcome);
  const amounts = level.initial.slice();
  return waves.flatMap((wave, number) =>
    wave.map((transfer) => {
      const effect = effectOf(transfer, amounts, level.capacity, level.weight[transfer.guest] ?? 0);
      const why = reasons.of(transfer, effect);
      const gain = gains.of(transfer, why);
      const levels = why.every(({ code }) => code === "level-load");
      const alternative = alternatives.of(transfer, gain, levels);
      return { ...moveOf(outcome, transfer, number), reasons: why, gain, alternative };
    }),
  );
}

/** Works out the figures of a transfer and carries it out on the amounts. */
function effectOf(
  { from, to }: Transfer,
  amounts: Float64Array,
  capacity: Float64Array,
  weight: number,
): Effect {
  const load = (n: number): number =>
    Math.round(((amounts[n] ?? 0) / (capacity[n] ?? 1)) * 1e6) / 1e6;
  const before = { from: load(from), to: load(to) };
  amounts[from] = (amounts[from] ?? 0) - weight;
  amounts[to] = (amounts[to] ?? 0) + weight;
  return {
    from: { before: before.from, after: load(from) },
    to: { before: before.to, after: load(to) },
  };
}

function moveOf(
  { model, placement }: Outcome,
  { guest: g, from, to }: Transfer,
  wave: number,
): Omit<Move, "reasons"> {
  const guest = model.guests[g];
  const travels =
    guest?.status === "stopped" ? "offline" : guest?.type === "lxc" ? "restart" : "live";
  return {
    guest: guest?.id ?? "",
    name: guest?.name ?? "",
    type: guest?.type ?? "qemu",
    from: model.nodes[from]?.name ?? "",
    to: model.nodes[to]?.name ?? "",
    wave,
    memoryBytes: travels === "offline" ? 0 : (guest?.memory.used ?? 0),
    diskBytes: model.resources.storages.bytes[g] ?? 0,
    seconds: Math.round((placement.problem.guestSeconds[g] ?? 0) * 1000) / 1000,
    mode: travels,
  };
}
