import { type BoundKappa4, type Clock, Kappa4Error, type UserView } from "@kappa4/sdk";
import type { Who } from "../commands/context.ts";
import type { Inline } from "../view/model.ts";
import type { PersonRef } from "./people.ts";

/** Knows whose the accounts of a workspace are. */
export interface Directory {
  /** Returns the person that an account belongs to; one is made of a full member who comes for the first time. */
  personOf(account: PersonRef, name: string): Promise<UserView["id"]>;
  /** Looks up again whose an account is when it is next asked for. */
  forget(account: PersonRef): void;
  /** Learns who people are by now, so that they can be named. */
  who(): Promise<Who>;
  /** Returns the account in this workspace of a person who is active now. */
  accountOf(id: string): Promise<string | undefined>;
}

/** What a directory is made over. */
export interface DirectoryOptions {
  /** As Kappa4 itself. */
  readonly kappa4: { readonly users: Pick<BoundKappa4["users"], "get" | "list" | "resolve"> };
  readonly clock: Clock;
  readonly platform: string;
  /** The workspace that is served: accounts in others are nobody's here. */
  readonly workspace: string;
}

/**
 * How long it is believed whose an account is. What the person may do is looked up at every call, and so is whether the
 * account is theirs.
 */
const FRESH_MS = 60_000;
const MOST_REMEMBERED = 5000;

const NOT_PEOPLE: Readonly<Record<string, string>> = {
  local: "the terminal",
  system: "Kappa4",
  restore: "the restore of a backup",
};

/** Makes a directory over the people of the store. */
export function createDirectory(options: DirectoryOptions): Directory {
  const { kappa4, clock, platform } = options;
  const known = new Map<string, { readonly id: Promise<UserView["id"]>; readonly at: number }>();
  let people: { readonly byId: ReadonlyMap<string, UserView>; readonly at: number } | undefined;

  async function load(): Promise<ReadonlyMap<string, UserView>> {
    const now = clock.now();
    if (people !== undefined && Math.abs(now - people.at) <= FRESH_MS) return people.byId;
    const users = await kappa4.users.list();
    const byId = new Map(users.map((user) => [user.id, user]));
    people = { byId, at: now };
    return byId;
  }

  async function find(
    address: UserView["accounts"][number],
    name: string,
  ): Promise<UserView["id"]> {
    const { id } = await kappa4.users.resolve({ ...address, provision: { name } });
    if (people?.byId.has(id) === false) people = undefined;
    return id;
  }

  const accountIn = (user: UserView | undefined): string | undefined =>
    user?.accounts.find(
      (address) => address.platform === platform && address.workspace === options.workspace,
    )?.account;

  return {
    personOf({ id: account, team: workspace }, name) {
      const now = clock.now();
      const key = keyOf({ id: account, team: workspace });
      const remembered = known.get(key);
      if (remembered !== undefined && Math.abs(now - remembered.at) <= FRESH_MS) {
        return remembered.id;
      }
      const [oldest] = known.keys();
      if (known.size >= MOST_REMEMBERED && oldest !== undefined) known.delete(oldest);
      // Whoever presses twice before they are known is still one person.
      const id = find({ platform, workspace, account }, name);
      known.set(key, { id, at: now });
      id.catch(() => known.delete(key));
      return id;
    },
    forget: (account) => void known.delete(keyOf(account)),
    async who() {
      const byId = await load();
      return (id): Inline => {
        const user = byId.get(id);
        const person = accountIn(user);
        if (person !== undefined) return { person };
        return user?.name ?? NOT_PEOPLE[id] ?? "somebody who is gone";
      };
    },
    async accountOf(id) {
      // Nothing that is remembered: who was disabled a moment ago is told nothing any more.
      const user = await kappa4.users.get({ user: id }).catch((error: unknown) => {
        if (Kappa4Error.is(error, "not_found")) return undefined;
        throw error;
      });
      return user?.status === "active" ? accountIn(user) : undefined;
    },
  };
}

function keyOf({ id, team }: PersonRef): string {
  return `${team} ${id}`;
}
