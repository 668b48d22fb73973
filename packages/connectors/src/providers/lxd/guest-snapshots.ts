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
import { callInfo, contextOfToken, hasSnapshot, judgeSnapshot } from "./judge.ts";
import { createOperation } from "./operation.ts";
import { savedStatesSchema } from "./payloads.ts";
import { type Submission, submit } from "./submit.ts";
import { type SnapshotToken, tokenBase } from "./token.ts";

/** Makes saved states out of LXD's calls; they are without memory. */
export function createSnapshots(api: LxdApi): SnapshotsCapability {
  const tokenOf = (verb: SnapshotToken["verb"], id: GuestId, name: string): SnapshotToken => ({
    ...tokenBase(api.connection, api.project),
    verb,
    guest: String(id),
    snapshot: name,
  });

  function send(
    request: Pick<
      Submission<SnapshotToken, ChangeResult>,
      "method" | "path" | "json" | "token" | "description"
    >,
    { signal }: CallOptions,
  ): Promise<Operation<ChangeResult>> {
    return submit(api, { ...request, judge: (complete) => judgeSnapshot(api, complete), signal });
  }

  const has = (token: SnapshotToken, { signal }: CallOptions): Promise<boolean> =>
    hasSnapshot(api, token.guest, token.snapshot, callInfo(token, signal));
  const nothingToDo = (token: SnapshotToken): Operation<ChangeResult> => {
    const unchanged = { ...token, unchanged: true };
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
      const token = tokenOf("snapshot", id, name);
      // Asked first, so that after a lost answer a snapshot of that name is surely ours.
      if (await has(token, options)) return nothingToDo(token);
      const json = { name, stateful: false };
      const path = `${instancePath(String(id))}/snapshots`;
      return send({ method: "POST", path, json, token, description: /snapshotting/i }, options);
    },
    async restore(id, name, options = {}) {
      const token = tokenOf("restore", id, name);
      if (!(await has(token, options))) throw noSuchSnapshot(api, token);
      const json = { restore: name };
      return send(
        { method: "PUT", path: instancePath(String(id)), json, token, description: /restoring/i },
        options,
      );
    },
    async delete(id, name, options = {}) {
      const token = tokenOf("delete-snapshot", id, name);
      if (!(await has(token, options))) {
        // Of an instance that is not there, nothing is done already.
        await api.instance(token.guest, callInfo(token, options.signal));
        return nothingToDo(token);
      }
      const path = `${instancePath(String(id))}/snapshots/${encodeURIComponent(name)}`;
      return send({ method: "DELETE", path, token, description: /deleting/i }, options);
    },
  };
}

function noSuchSnapshot(api: LxdApi, token: SnapshotToken): Kappa4Error {
  return new Kappa4Error(
    "not_found",
    `Instance ${token.guest} on "${api.connection}" has no snapshot ${token.snapshot}; list its snapshots.`,
    { context: contextOfToken(api, token) },
  );
}

function dateOf(text: string | null | undefined): Date | null {
  const at = Date.parse(text ?? "");
  // Go's zero time stands for "never".
  return Number.isNaN(at) || at <= 0 ? null : new Date(at);
}
