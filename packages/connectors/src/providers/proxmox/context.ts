import type { Clock, Logger } from "../../contract/connector.ts";
import { type ErrorContext, Kappa4Error } from "../../contract/errors.ts";
import type { Hide } from "../../contract/secrets.ts";
import type { GuestId } from "../../contract/snapshot.ts";
import { type CallInfo, type ProxmoxApi, path } from "./api.ts";
import type { Claims } from "./claims.ts";
import { figure } from "./fields.ts";
import { type ResourcePayload, resourcesPayload } from "./payloads.ts";

/** What every part of the connector works with. */
export interface ProxmoxContext {
  readonly connection: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly api: ProxmoxApi;
  /** Hides secrets in what the other side says. */
  readonly hide: Hide;
  readonly pollIntervalMs: number;
  readonly claims: Claims;
}

/** The two kinds of guests, as paths of the API name them. */
export type GuestType = "qemu" | "lxc";

/** A guest and the node it is on. */
export interface PlacedGuest {
  readonly vmid: number;
  readonly type: GuestType;
  readonly node: string;
}

/** A guest as the list of resources shows it. */
export interface SeenGuest extends PlacedGuest {
  readonly row: ResourcePayload;
}

/** Names a guest as HA does: `vm:100`, `ct:101`. */
export function sidOf(guest: Pick<PlacedGuest, "vmid" | "type">): string {
  return `${guest.type === "qemu" ? "vm" : "ct"}:${guest.vmid}`;
}

/** The path of a guest on its node. */
export function guestPath(guest: PlacedGuest): string {
  return path`/nodes/${guest.node}/${guest.type}/${guest.vmid}`;
}

/** Turns an id into a vmid; throws `invalid_argument` for what is none. */
export function toVmid(id: GuestId, connection: string): number {
  const vmid = typeof id === "number" ? id : /^\d+$/.test(id) ? Number(id) : Number.NaN;
  if (Number.isInteger(vmid) && vmid >= 100) return vmid;
  throw new Kappa4Error(
    "invalid_argument",
    `"${id}" is no guest of "${connection}"; a guest of Proxmox VE has a number from 100 up.`,
    { context: { connector: connection } },
  );
}

/** The error context of work on a guest. */
export function guestContext(
  { connection }: ProxmoxContext,
  operation: string,
  guest: Pick<PlacedGuest, "vmid" | "type">,
): ErrorContext {
  return { connector: connection, operation, target: sidOf(guest) };
}

/** Reads all resources: answered by the contacted node alone, also while others are down. */
export function readResources(
  { api }: ProxmoxContext,
  info: CallInfo,
): Promise<readonly ResourcePayload[]> {
  return api.get("/cluster/resources", resourcesPayload, info);
}

/** Picks the guests out of a list of resources. */
export function guestsOf(rows: readonly ResourcePayload[]): readonly SeenGuest[] {
  return rows.flatMap((row) => {
    const { type, vmid, node } = row;
    if ((type !== "qemu" && type !== "lxc") || vmid === undefined || node === undefined) return [];
    return [{ vmid, type, node, row }];
  });
}

/** Looks for one guest; undefined when the cluster has none of that number, or hides it. */
export async function findGuest(
  context: ProxmoxContext,
  vmid: number,
  info: CallInfo,
): Promise<SeenGuest | undefined> {
  const rows = await context.api.get("/cluster/resources", resourcesPayload, info, { type: "vm" });
  return guestsOf(rows).find((guest) => guest.vmid === vmid);
}

/** Whether an id belongs to no guest; the only question that is answered about guests that are hidden from us. */
export async function isFreeId(
  { api }: ProxmoxContext,
  vmid: number,
  info: CallInfo,
): Promise<boolean> {
  try {
    await api.get("/cluster/nextid", figure, info, { vmid });
    return true;
  } catch (error) {
    if (Kappa4Error.is(error, "already_exists")) return false;
    throw error;
  }
}

/** Like {@link findGuest}; throws `not_found`. */
export async function getGuest(
  context: ProxmoxContext,
  vmid: number,
  info: CallInfo,
): Promise<SeenGuest> {
  const guest = await findGuest(context, vmid, info);
  if (guest !== undefined) return guest;
  throw guestNotFound(context, vmid, info.operation);
}

/** Makes the error for a guest that is not there. */
export function guestNotFound(
  { connection }: ProxmoxContext,
  vmid: number,
  operation: string,
): Kappa4Error {
  return new Kappa4Error(
    "not_found",
    `${operation} on "${connection}": there is no guest ${vmid}, or the credentials may not see it; check the number and the privilege VM.Audit.`,
    { context: { connector: connection, operation, target: String(vmid) } },
  );
}
