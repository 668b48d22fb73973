import type { ClusterSnapshot, Guest } from "@kappa4/connectors";
import { closest, configInvalid } from "@kappa4/sdk";

/** Returns the guest that a person means by its id or its name. Throws `config_invalid` when that is not one guest. */
export function findGuest({ guests, meta }: ClusterSnapshot, wanted: string): Guest {
  const byId = guests.find(({ id }) => String(id) === wanted);
  if (byId !== undefined) return byId;
  const [first, ...others] = guests.filter(({ name }) => name === wanted);
  if (first !== undefined && others.length === 0) return first;
  throw configInvalid("kappa4", [{ path: "GUEST", message: problem() }]);

  function problem(): string {
    if (first !== undefined) {
      const ids = [first, ...others].map(({ id, node }) => `${id} on ${node}`).join(", ");
      return `several guests are called ${wanted}; give the id: ${ids}`;
    }
    const meant = closest(
      wanted,
      guests.map(({ name }) => name),
    );
    const advice = meant === undefined ? "give its id or name" : `did you mean ${meant}?`;
    return `${meta.name} has no guest ${JSON.stringify(wanted)}; ${advice}`;
  }
}
