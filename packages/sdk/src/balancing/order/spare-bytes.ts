import { planOffline } from "../model/offline.ts";
import { fewerBytes } from "../search/fewer-bytes.ts";
import { exceededAllowance } from "./allowance.ts";
import { schedule } from "./order.ts";
import type { Outcome } from "./outcome.ts";
import { reachesGoals, settled, transfersOf } from "./settlement.ts";

/**
 * Makes another plan that moves fewer bytes, where {@link fewerBytes} knows one and there is a safe and straight way to
 * it within every allowance; undefined where there is none, or the plan known does not reach what it was made for.
 */
export function spareBytes(known: Outcome): Outcome | undefined {
  const isWhole = known.stranded.size === 0 && known.usedUp === undefined;
  if (!isWhole || known.covers === true || !reachesGoals(known.placement)) return undefined;
  const placement = fewerBytes(known.placement);
  if (placement === undefined) return undefined;
  const transfers = [...transfersOf(placement), ...planOffline(known.model).transfers];
  const { waves, dropped } = schedule(placement, transfers);
  const isStraight = dropped.length === 0 && waves.flat().length === transfers.length;
  if (!isStraight || exceededAllowance(placement.problem, waves) !== undefined) return undefined;
  const { at } = settled(placement, waves, known.stranded);
  return { ...known, waves, at, placement };
}
