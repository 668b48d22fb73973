import type {
  CallOptions,
  ChangeResult,
  GuestSnapshot,
  SnapshotsCapability,
} from "../../contract/capabilities.ts";
import { Kappa4Error } from "../../contract/errors.ts";
import type { Operation } from "../../contract/operation.ts";
import type { GuestId } from "../../contract/snapshot.ts";
import type { LxdApi } from "./api.ts";
import { callInfo, hasSnapshot, judgeSnapshot } from "./judge.ts";
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

  return {
    async *list(id, { signal } = {}) {
      const info = { operation: "list snapshots", target: String(id), signal };
      const found = await api.get(`${pathOf(id)}/snapshots`, savedStatesSchema, info);
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
      if (await hasSnapshot(api, ticket.guest, name, callInfo(ticket, options.signal))) {
        throw new Kappa4Error(
          "already_exists",
          `Instance ${id} on "${api.connection}" has a snapshot ${name} already; choose another name.`,
          { context: { connector: api.connection, operation: "snapshot", target: ticket.guest } },
        );
      }
      const json = { name, stateful: false };
      const path = `${pathOf(id)}/snapshots`;
      return send({ method: "POST", path, json, ticket, description: /snapshotting/i }, options);
    },
    restore(id, name, options = {}) {
      const ticket = ticketOf("restore", id, name);
      const json = { restore: name };
      return send(
        { method: "PUT", path: pathOf(id), json, ticket, description: /restoring/i },
        options,
      );
    },
    async delete(id, name, options = {}) {
      const ticket = ticketOf("delete-snapshot", id, name);
      if (!(await hasSnapshot(api, ticket.guest, name, callInfo(ticket, options.signal)))) {
        await api.instance(ticket.guest, callInfo(ticket, options.signal));
        return createOperation(api, ticket, async () => ({ value: { changed: false } }));
      }
      const path = `${pathOf(id)}/snapshots/${encodeURIComponent(name)}`;
      return send({ method: "DELETE", path, ticket, description: /deleting/i }, options);
    },
  };
}

function dateOf(text: string | null | undefined): Date | null {
  const at = Date.parse(text ?? "");
  // Go's zero time stands for "never".
  return Number.isNaN(at) || at <= 0 ? null : new Date(at);
}

function pathOf(id: GuestId): string {
  return `/1.0/instances/${encodeURIComponent(String(id))}`;
}
