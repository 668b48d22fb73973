import type { Inhabitant, Town } from "./town.ts";

/** In milliseconds. */
export const MINUTE = 60_000;
const RANKS = ["viewer", "operator", "admin", "super_admin"];

/** What the watchman himself wrote down of one plan. */
export interface Page {
  readonly hash: string;
  risk: number;
  readonly made: number;
  readonly editor: string;
  /** From whom it takes something. */
  readonly loser?: string | undefined;
  /** The least rank that the permission for it comes with. Default: that of an Operator. */
  readonly needs?: number | undefined;
  /** Whether it goes ahead while changes are frozen. */
  readonly goesFrozen?: boolean | undefined;
  requester?: Inhabitant;
  asked?: number;
  superAdminsThen?: number;
  readonly saidYes: Map<string, Inhabitant>;
  readonly saidAnything: Set<string>;
  approvedAt?: number;
  emergency?: { readonly by: string; readonly at: number };
  started?: boolean;
  reminders?: number;
  asks?: number;
  acknowledged?: boolean;
  done?: boolean;
}

/** What nobody has to decide on can be taken back for a while. */
export function waitOf({ emergency, risk }: Page): number {
  return emergency === undefined && risk === 1 ? 10_000 : 0;
}

/** By when it has to start. */
export function startBy(page: Page, approvedAt: number): number {
  return approvedAt + (page.emergency === undefined ? 15 * MINUTE + waitOf(page) : 10 * MINUTE);
}

/** Whether somebody's rank comes with the permission. */
export function isPermitted({ needs = 1 }: Page, who: Inhabitant): boolean {
  return rank(who) >= needs;
}

/** Whether the freeze holds it up. */
export function isFrozen({ goesFrozen = false }: Page, { frozen }: Town): boolean {
  return frozen && !goesFrozen;
}

/** How many yeses a plan has that still hold, and of whom. */
export function enough(page: Page): boolean {
  const voters = [...page.saidYes.values()].filter(
    (person) => isKnown(person) && isPermitted(page, person),
  );
  const admins = voters.filter((person) => rank(person) >= 2).length;
  const superAdmins = voters.filter((person) => rank(person) >= 3).length;
  if (page.risk === 2) return voters.length >= 1;
  if (page.risk === 3) return voters.length >= 2 && admins >= 1;
  return superAdmins >= ((page.superAdminsThen ?? 0) >= 3 ? 2 : 1);
}

/** How many Super Admins there are when somebody asks, without the one from whom it takes something. */
export function superAdminsIn({ people }: Town, { loser }: Page): number {
  const others = people.filter(({ name }) => name !== loser);
  return others.filter(
    // The terminal is nobody in particular, so it is no Super Admin besides the others.
    (person) => isKnown(person) && person.role === "super_admin" && person.kind === "human",
  ).length;
}

/** From a Viewer's, which is 0, to a Super Admin's. */
export function rank({ role }: Inhabitant): number {
  return RANKS.indexOf(role);
}

/** Whether an account is somebody's who is still there. */
export function isKnown({ linked, active }: Inhabitant): boolean {
  return linked && active;
}
