import type { ApartGroup } from "./apart.ts";
import type { Model } from "./model.ts";
import type { Unit, Units } from "./units.ts";

/** Units as a search may move them, and which of them are to be left alone. */
export interface QuietUnits {
  readonly units: Units;
  /** By unit: 1 where it was moved recently and nothing hard speaks for moving it again. */
  readonly quiet: Uint8Array;
}

/**
 * Leaves units alone that were moved recently: they are not moved to level or for a wish, and do not go back
 * where they came from, unless a drain or a hard rule wants them to move. Where `disturbs` is set they may be
 * moved like others; they cost more then.
 */
export function keepQuiet(
  model: Model,
  units: Units,
  groups: readonly ApartGroup[],
  disturbs: boolean,
): QuietUnits {
  const quiet = new Uint8Array(units.all.length);
  if (model.rests.size === 0 || disturbs) return { units, quiet };
  const pressed = pressedUnits(units.all, groups);
  const all = units.all.map((unit, u) => {
    if (pressed[u] === 1) return unit;
    const isResting = unit.members.some((g) => model.rests.get(g)?.bar !== undefined);
    quiet[u] = isResting ? 1 : 0;
    return { ...unit, levels: unit.levels && !isResting, mask: withoutReturns(model, unit) };
  });
  return { units: { ...units, all }, quiet };
}

/** By unit: 1 where a drain or a hard rule speaks for moving it. */
function pressedUnits(units: readonly Unit[], groups: readonly ApartGroup[]): Uint8Array {
  const pressed = Uint8Array.from(units, ({ mask, home }) => (mask[home] === 1 ? 0 : 1));
  for (const { rule, units: group } of groups) {
    if (rule.hard) for (const u of crowdedIn(units, group)) pressed[u] = 1;
  }
  return pressed;
}

/** Units of an apart group that are not known to be alone on their node. */
export function crowdedIn(units: readonly Unit[], group: readonly number[]): readonly number[] {
  const homes = group.map((u) => units[u]?.home ?? -1);
  return group.filter((_, index) => {
    const home = homes[index] ?? -1;
    return home < 0 || homes.indexOf(home) !== homes.lastIndexOf(home);
  });
}

function withoutReturns({ rests }: Model, { members, mask }: Unit): Uint8Array {
  const returns = members.flatMap((g) => rests.get(g)?.returns ?? []);
  if (!returns.some((n) => mask[n] === 1)) return mask;
  const narrowed = mask.slice();
  for (const n of returns) narrowed[n] = 0;
  return narrowed;
}
