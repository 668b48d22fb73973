import type { Dice } from "../balancing/dice.ts";

/** Somebody of the town as they really are; what the state machine is told of them is derived elsewhere. */
export interface Inhabitant {
  readonly name: string;
  role: "viewer" | "operator" | "admin" | "super_admin";
  /** Whether the account that is used is linked to them. */
  linked: boolean;
  /** Whether they are still with the organisation. */
  active: boolean;
  lastLogin: number;
  readonly kind: "human" | "terminal";
}

/** All there is besides the approvals. Time is in milliseconds. */
export interface Town {
  now: number;
  frozen: boolean;
  readonly people: readonly Inhabitant[];
}

const ROLES = ["viewer", "operator", "operator", "admin", "super_admin"] as const;

/** Makes a town of eight people, one account that is nobody's, and a terminal. */
export function makeTown(dice: Dice): Town {
  const now = Date.UTC(2026, 10, 21, 12);
  const people = "abcdefgh".split("").map(
    (letter, index): Inhabitant => ({
      name: `${letter}${index}`,
      role: dice.pick(ROLES),
      linked: true,
      active: true,
      lastLogin: now,
      kind: "human",
    }),
  );
  const stranger: Inhabitant = { ...people[0], name: "x8", linked: false } as Inhabitant;
  const terminal: Inhabitant = {
    name: "local",
    role: "super_admin",
    linked: true,
    active: true,
    lastLogin: now,
    kind: "terminal",
  };
  return {
    now,
    frozen: false,
    people: [...people, { ...stranger, role: "super_admin" }, terminal],
  };
}

/** Lets time pass and lives change: roles are given and taken, people leave and return, accounts are unlinked. */
export function live(town: Town, dice: Dice): void {
  town.now += dice.chance(0.03) ? dice.whole(0, 1_500_000) : dice.whole(0, 10_000);
  // Nobody looks for days.
  if (dice.chance(0.002)) town.now += dice.whole(0, 200_000_000);
  if (dice.chance(town.frozen ? 0.1 : 0.02)) town.frozen = !town.frozen;
  const person = dice.pick(town.people.slice(0, 8));
  if (dice.chance(0.03)) person.role = dice.pick(ROLES);
  if (dice.chance(0.02)) person.active = dice.chance(0.7);
  if (dice.chance(0.02)) person.linked = dice.chance(0.8);
  if (dice.chance(0.3)) person.lastLogin = town.now - dice.whole(0, 400_000);
}
