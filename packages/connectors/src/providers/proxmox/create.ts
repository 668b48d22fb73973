import type { CallOptions, CreateInstanceInput } from "../../contract/capabilities.ts";
import { Kappa4Error } from "../../contract/errors.ts";
import type { Operation } from "../../contract/operation.ts";
import type { GuestId } from "../../contract/snapshot.ts";
import type { Parameters } from "../../transport/send.ts";
import { type CallInfo, path } from "./api.ts";
import { followTask } from "./change-follow.ts";
import {
  type GuestType,
  getGuest,
  guestPath,
  isFreeId,
  type PlacedGuest,
  type ProxmoxContext,
  toVmid,
} from "./context.ts";
import { carriesKey, newGuestEffect, searchOf } from "./effects.ts";
import { figure } from "./fields.ts";
import { describeWithKey } from "./guest-key.ts";
import { startTask } from "./send.ts";
import type { NewGuestToken } from "./token.ts";

const MIB = 2 ** 20;
const ID_ATTEMPTS = 5;

/** Makes a guest. What Kappa4 has no words for (disks, networks, a container's `ostemplate`) comes in `settings`. */
export function createGuest(
  context: ProxmoxContext,
  input: CreateInstanceInput,
  options: CallOptions = {},
): Promise<Operation<{ readonly id: GuestId }>> {
  const { type, node, cores, memoryBytes } = input;
  return withFreeId(context, "create", options, (newid) => {
    const guest = { vmid: newid, type, node };
    const { settings } = input;
    // What is restored brings the description that it was saved with.
    const isRestored = settings?.archive !== undefined || settings?.restore !== undefined;
    const key = isRestored ? null : context.claims.createKey();
    const parameters = {
      vmid: newid,
      cores,
      memory: Math.round(memoryBytes / MIB),
      ...nameOf(type, input.name),
      ...settings,
      ...(key === null ? {} : { description: describeWithKey(settings?.description, key) }),
    };
    const prefix = type === "qemu" ? "qm" : "vz";
    return make(context, "create", guest, guest, options, {
      path: path`/nodes/${node}/${type}`,
      name: input.name,
      key,
      parameters,
      taskTypes: [`${prefix}create`, `${prefix}restore`],
    });
  });
}

/** Copies a guest or template under a free id. */
export async function cloneGuest(
  context: ProxmoxContext,
  id: GuestId,
  input: { readonly name: string; readonly node?: string | undefined },
  options: CallOptions = {},
): Promise<Operation<{ readonly id: GuestId }>> {
  const vmid = toVmid(id, context.connection);
  const { signal } = options;
  const source = await getGuest(context, vmid, {
    operation: "clone",
    target: String(vmid),
    signal,
  });
  const { type } = source;
  return withFreeId(context, "clone", options, (newid) => {
    const node = input.node ?? source.node;
    const elsewhere = node === source.node ? {} : { target: node };
    return make(context, "clone", source, { vmid: newid, type, node }, options, {
      path: `${guestPath(source)}/clone`,
      name: input.name,
      // A copy has the description of what it was made from.
      key: null,
      parameters: { newid, ...nameOf(type, input.name), ...elsewhere },
      taskTypes: [type === "qemu" ? "qmclone" : "vzclone"],
    });
  });
}

interface Making {
  readonly path: string;
  readonly name: string;
  readonly key: string | null;
  readonly parameters: Parameters;
  readonly taskTypes: readonly string[];
}

async function make(
  context: ProxmoxContext,
  verb: "create" | "clone",
  taskOwner: PlacedGuest,
  made: PlacedGuest,
  { signal }: CallOptions,
  { name, key, ...request }: Making,
): Promise<Operation<{ readonly id: GuestId }>> {
  const token: NewGuestToken = {
    v: 1,
    kind: "proxmox",
    connection: context.connection,
    verb,
    vmid: taskOwner.vmid,
    type: made.type,
    node: made.node,
    newid: made.vmid,
    name,
    key,
    upid: null,
  };
  const effect = newGuestEffect(context, token);
  const upid = await startTask(context, {
    ...request,
    method: "POST",
    operation: verb,
    guest: taskOwner,
    signal,
    ...searchOf(effect),
    ...(key === null ? {} : { isOwn: (info: CallInfo) => carriesKey(context, token, info) }),
  });
  return followTask(context, { ...token, upid: upid?.text ?? null }, effect);
}

/** The next free id is only a hint: whoever asks first gets it, and the other one asks for the next. */
async function withFreeId<T>(
  context: ProxmoxContext,
  operation: string,
  { signal }: CallOptions,
  use: (id: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const id = await takeFreeId(context, { operation, signal });
    let isKept = false;
    try {
      return await use(id);
    } catch (error) {
      // A guest that may be there keeps its id.
      isKept = Kappa4Error.is(error) && error.outcome === "unknown";
      const isTaken = Kappa4Error.is(error, "already_exists") && error.outcome === "not_applied";
      if (!isTaken || attempt === ID_ATTEMPTS) throw error;
    } finally {
      if (!isKept) context.claims.freeId(id);
    }
  }
}

/** Two calls that are told the same free id would both take the guest of the faster one for theirs. */
async function takeFreeId(context: ProxmoxContext, info: CallInfo): Promise<number> {
  let id = await context.api.get("/cluster/nextid", figure, info);
  for (;;) {
    if (context.claims.takeId(id)) return id;
    do id += 1;
    while (!(await isFreeId(context, id, info)));
  }
}

function nameOf(type: GuestType, name: string): Parameters {
  return type === "qemu" ? { name } : { hostname: name };
}
