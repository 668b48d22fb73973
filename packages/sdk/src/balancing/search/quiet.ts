import type { ApartGroup } from "../model/apart.ts";
import type { Model } from "../model/model.ts";
import type { Unit } from "../model/units.ts";

/** What a search leaves alone as long as nothing hard speaks against it. */
export interface Quiet {
  /** By unit: 1 where it was moved recently, so that it stays. */
  readonly resting: Uint8Array;
  /** By unit: 1 where the search may put it. */
  readonly where: readonly Uint8Array[];
}

/**
 * Says what is left alone. Units that were moved recently are not moved to level or for a wish; no unit goes back
 * to level where it came from not long ago, or where its wishes are followed less than where it is. What a drain
 * or a hard rule wants to move is free, and so is everything where `disturbs` is set: it costs more then.
 */
export function keepQuiet(
  model: Model,
  units: readonly Unit[],
  groups: readonly ApartGroup[],
  disturbs: boolean,
): Quiet {
  const resting = new Uint8Array(units.length);
  if (disturbs || !hasQuiet(model)) return { resting, where: units.map(({ mask }) => mask) };
  const pressed = pressedUnits(units, groups);
  const where = units.map((unit, u) => {
    if (pressed[u] === 1) return unit.mask;
    if (unit.members.some((g) => model.rests.get(g)?.bar !== undefined)) resting[u] = 1;
    return withoutReturns(model, unit, withoutWorse(unit));
  });
  return { resting, where };
}

/** Whether there is anything to be left alone. */
export function hasQuiet({ rests, pins }: Model): boolean {
  return rests.size > 0 || [...pins.values()].some(({ unwished }) => unwished !== undefined);
}

/** Units of an apart group that are not known to be alone on their node. */
export function crowdedIn(units: readonly Unit[], group: readonly number[]): readonly number[] {
  const homes = group.map((u) => units[u]?.home ?? -1);
  return group.filter((_, index) => {
    const home = homes[index] ?? -1;
    return home < 0 || homes.indexOf(home) !== homes.lastIndexOf(home);
  });
}

/** By unit: 1 where a drain or a hard rule speaks for moving it. */
function pressedUnits(units: readonly Unit[], groups: readonly ApartGroup[]): Uint8Array {
  const pressed = Uint8Array.from(units, ({ mask, home }) => (mask[home] === 1 ? 0 : 1));
  for (const { rule, units: group } of groups) {
    if (rule.hard) for (const u of crowdedIn(units, group)) pressed[u] = 1;
  }
  return pressed;
}

/** A unit that asks for no better place than it has; where it must leave, its wishes count in full. */
export function content(unit: Unit): Unit {
  const { unwished, mask, home } = unit;
  if (unwished === undefined || mask[home] !== 1) return unit;
  const here = unwished[home] ?? 0;
  return { ...unit, unwished: unwished.map((there) => Math.max(0, there - here)) };
}

function withoutWorse({ mask, unwished, home }: Unit): Uint8Array {
  if (unwished === undefined) return mask;
  const here = unwished[home] ?? 0;
  return mask.map((bit, n) => ((unwished[n] ?? 0) > here ? 0 : bit));
}

function withoutReturns({ rests }: Model, { members }: Unit, mask: Uint8Array): Uint8Array {
  const returns = members.flatMap((g) => rests.get(g)?.returns ?? []);
  if (!returns.some((n) => mask[n] === 1)) return mask;
  const narrowed = mask.slice();
  for (const n of returns) narrowed[n] = 0;
  return narrowed;
}
