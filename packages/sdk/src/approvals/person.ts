/** Somebody, as they stand at the instant of an event. */
export interface Person {
  /** The same for all accounts of one person: votes belong to people. */
  readonly id: string;
  /** As others know them; goes into sentences. */
  readonly name: string;
  /**
   * `linked`: the account is known to be this person's. `unlinked`: it could be anybody's. `local`: whoever holds
   * the process and its credentials, which is nobody in particular.
   */
  readonly identity: "linked" | "unlinked" | "local";
  /** Whether they hold the permission that the plan asks for, where it acts, now. */
  readonly isPermitted: boolean;
  /** How high they stand where the plan acts; a Super Admin is an Admin too. */
  readonly rank: "member" | "admin" | "super_admin";
  /** When they last proved freshly who they are. Default: never. */
  readonly steppedUpAt?: Date | undefined;
}

/** Tells whether somebody is an Admin, or more. */
export function isAdmin({ rank }: Person): boolean {
  return rank !== "member";
}

const RANKS: readonly Person["rank"][] = ["super_admin", "admin", "member"];

/** Sorts people, the highest first. */
export function byRank(one: Person, other: Person): number {
  return RANKS.indexOf(one.rank) - RANKS.indexOf(other.rank);
}

/** Joins the names of at most `most` people, and how many more there are: `Ana, Eva or 2 others`. */
export function namesOf(people: readonly Person[], most = 3): string {
  const names = people.slice(0, most).map(({ name }) => name);
  const more = people.length - names.length;
  if (more > 0) names.push(more === 1 ? "1 other" : `${more} others`);
  const last = names.pop();
  if (last === undefined) return "somebody who is given the role";
  return names.length === 0 ? last : `${names.join(", ")} or ${last}`;
}
