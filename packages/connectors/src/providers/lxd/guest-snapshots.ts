import type {
  CallOptions,
  ChangeResult,
  GuestSnapshot,
  SnapshotsCapability,
} from "../../contract/capabilities.ts";
import { Kappa4Error } from "../../contract/errors.ts";
import type { Operation } from "../../contract/operation.ts";
import type { GuestId } from "../../contract/snapshot.ts";
import { instancePath, type LxdApi } from "./api.ts";
import { callInfo, contextOfTicket, hasSnapshot, judgeSnapshot } from "./judge.ts";
import { createOperation } from "./operation.ts";
import { savedStatesSchema } from "./payloads.ts";
import { type Submission, submit } from "./submit.ts";
import { type SnapshotTicket, ticketBase } from "./ticket.ts";

/** Makes saved states out of LXD's calls; they are without memory. */
export function createSnapshots(api: LxdApi): SnapshotsCapability {
  const ticketOf = (verb: SnapshotTicket["verb"], id: GuestId, name: string): SnapshotTicket => ({
    ...ticketBase(api.connection, api.project),
    verb,
    guest: String(id),
    snapshot: name,
  });

  function send(
    request: Pick<
      Submission<SnapshotTicket, ChangeResult>,
      "method" | "path" | "json" | "ticket" | "description"
    >,
    { signal }: CallOptions,
  ): Promise<Operation<ChangeResult>> {
    return submit(api, { ...request, judge: (complete) => judgeSnapshot(api, complete), signal });
  }

  const has = (ticket: SnapshotTicket, { signal }: CallOptions): Promise<boolean> =>
    hasSnapshot(api, ticket.guest, ticket.snapshot, callInfo(ticket, signal));
  const nothingToDo = (ticket: SnapshotTicket): Operation<ChangeResult> => {
    const unchanged = { ...ticket, unchanged: true };
    return createOperation(api, unchanged, judgeSnapshot(api, unchanged));
  };

  return {
    async *list(id, { signal } = {}) {
      const info = { operation: "list snapshots", target: String(id), signal };
      const found = await api.get(`${instancePath(String(id))}/snapshots`, savedStatesSchema, info);
      for (const { name, created_at, description } of found) {
        yield {
          // Older servers give "instance/snapshot".
          name: name.split("/").at(-1) ?? name,
          createdAt: dateOf(created_at),
          ...(description ? { description } : {}),
        } satisfies GuestSnapshot;
      }
    },
    async create(id, name, options = {}) {
      const ticket = ticketOf("snapshot", id, name);
      // Asked first, so that after a lost answer a snapshot of that name is surely ours.
      if (await has(ticket, options)) return nothingToDo(ticket);
      const json = { name, stateful: false };
      const path = `${instancePath(String(id))}/snapshots`;
      return send({ method: "POST", path, json, ticket, description: /snapshotting/i }, options);
    },
    async restore(id, name, options = {}) {
      const ticket = ticketOf("restore", id, name);
      if (!(await has(ticket, options))) throw noSuchSnapshot(api, ticket);
      const json = { restore: name };
      return send(
        { method: "PUT", path: instancePath(String(id)), json, ticket, description: /restoring/i },
        options,
      );
    },
    async delete(id, name, options = {}) {
      const ticket = ticketOf("delete-snapshot", id, name);
      if (!(await has(ticket, options))) {
        // Of an instance that is not there, nothing is done already.
        await api.instance(ticket.guest, callInfo(ticket, options.signal));
        return nothingToDo(ticket);
      }
      const path = `${instancePath(String(id))}/snapshots/${encodeURIComponent(name)}`;
      return send({ method: "DELETE", path, ticket, description: /deleting/i }, options);
    },
  };
}

function noSuchSnapshot(api: LxdApi, ticket: SnapshotTicket): Kappa4Error {
  return new Kappa4Error(
    "not_found",
    `Instance ${ticket.guest} on "${api.connection}" has no snapshot ${ticket.snapshot}; list its snapshots.`,
    { context: contextOfTicket(api, ticket) },
  );
}

function dateOf(text: string | null | undefined): Date | null {
  const at = Date.parse(text ?? "");
  // Go's zero time stands for "never".
  return Number.isNaN(at) || at <= 0 ? null : new Date(at);
}
