import type { Call } from "../api/operation.ts";
import { requireGuest } from "../state/cluster.ts";
import type { Guest, GuestKind } from "../state/types.ts";

/** The guest that the path of a call names. */
export function guestOfCall(call: Call, kind: GuestKind): Guest {
  return requireGuest(call.cluster, kind, call.node.name, call.number("vmid"));
}
