import { type Id, newId } from "../../src/ids.ts";
import type { BoundKappa4 } from "../../src/index.ts";
import type { Store } from "../../src/store/index.ts";

const AT = new Date(0);

/** Puts somebody into the default organisation, with a role there or on one connection. */
export async function join(
  store: Store,
  name: string,
  role: string,
  scope: string = "org",
): Promise<Id<"usr">> {
  const id = newId("usr");
  await store.inOrg(store.defaultOrg, async (tx) => {
    const email = `${name}@example.com`;
    await tx.users.insert({ id, email, name, status: "active", createdAt: AT, updatedAt: AT });
    await tx.grants.insert({
      id: newId("grt"),
      principalKind: "user",
      principal: id,
      role,
      scope,
      expiresAt: null,
      source: "manual",
      createdBy: "local",
      createdAt: AT,
    });
  });
  return id;
}

/** Somebody who makes plans and asks for things. */
export interface Somebody {
  readonly id: Id<"usr">;
  readonly kappa4: BoundKappa4;
}
