import type {
  ChangeResult,
  ComputeCapability,
  CreateInstanceInput,
} from "../../contract/capabilities.ts";
import { Kappa4Error } from "../../contract/errors.ts";
import type { Operation } from "../../contract/operation.ts";
import type { GuestId } from "../../contract/snapshot.ts";
import type { LxdApi } from "./api.ts";
import { callInfo, judgeChange, judgeCreation, KEY_CONFIG } from "./judge.ts";
import { createOperation } from "./operation.ts";
import { submit } from "./submit.ts";
import { type ChangeTicket, type CreationTicket, ticketBase } from "./ticket.ts";

const STOP_TIMEOUT_MS = 180_000;

/** Makes the life of instances out of LXD's calls. */
export function createCompute(api: LxdApi): ComputeCapability {
  const base = ticketBase(api.connection, api.project);

  function changeState(
    verb: "start" | "stop" | "restart",
    id: GuestId,
    json: object,
    signal: AbortSignal | undefined,
  ): Promise<Operation<ChangeResult>> {
    const ticket: ChangeTicket = { ...base, verb, guest: String(id) };
    return submit(api, {
      method: "PUT",
      path: `${pathOf(id)}/state`,
      json,
      ticket,
      judge: (complete) => judgeChange(api, complete),
      description: DESCRIPTIONS[verb],
      signal,
    });
  }

  function createFrom(
    verb: "create" | "clone",
    name: string,
    node: string | undefined,
    instance: { readonly config: Readonly<Record<string, string>> } & Record<string, unknown>,
    signal: AbortSignal | undefined,
  ): Promise<Operation<{ readonly id: GuestId }>> {
    const key = newKey(api.random);
    const ticket: CreationTicket = { ...base, verb, guest: name, key };
    return submit(api, {
      method: "POST",
      path: "/1.0/instances",
      query: { target: node },
      json: { ...instance, name, config: { ...instance.config, [KEY_CONFIG]: key } },
      ticket,
      judge: (complete) => judgeCreation(api, complete),
      description: /creating/i,
      signal,
    });
  }

  return {
    start: (id, { signal } = {}) =>
      changeState("start", id, { action: "start", timeout: 60 }, signal),
    stop(id, { mode = "graceful", timeoutMs = STOP_TIMEOUT_MS, signal } = {}) {
      const timeout = Math.max(1, Math.ceil(timeoutMs / 1000));
      const json = { action: "stop", timeout, force: mode === "force" };
      return changeState("stop", id, json, signal);
    },
    restart(id, { signal } = {}) {
      const json = { action: "restart", timeout: STOP_TIMEOUT_MS / 1000, force: false };
      return changeState("restart", id, json, signal);
    },
    create: async (input, { signal } = {}) =>
      createFrom("create", input.name, input.node, instanceOf(api, input), signal),
    async clone(id, { name, node }, { signal } = {}) {
      const source = await api.instance(String(id), {
        operation: "clone",
        target: String(id),
        signal,
      });
      const own = Object.entries(source.config).filter(([key]) => !key.startsWith("volatile."));
      const instance = {
        type: source.type,
        architecture: source.architecture,
        config: Object.fromEntries(own),
        devices: source.devices ?? {},
        profiles: source.profiles ?? [],
        source: { type: "copy", source: source.name, project: api.project, instance_only: true },
      };
      return createFrom("clone", name, node ?? source.location ?? undefined, instance, signal);
    },
    async delete(id, { signal } = {}) {
      const ticket: ChangeTicket = { ...base, verb: "delete", guest: String(id) };
      try {
        return await submit(api, {
          method: "DELETE",
          path: pathOf(id),
          ticket,
          judge: (complete) => judgeChange(api, complete),
          description: /deleting/i,
          signal,
        });
      } catch (error) {
        if (!Kappa4Error.is(error, "not_found")) throw error;
        // The read tells whether it is this instance that is missing or something on the way to it.
        const left = await api.instances(1, callInfo(ticket, signal));
        if (left.some((instance) => instance.name === ticket.guest)) throw error;
        return createOperation(api, ticket, async () => ({ value: { changed: false } }));
      }
    },
  };
}

function instanceOf(
  api: LxdApi,
  input: CreateInstanceInput,
): { readonly config: Readonly<Record<string, string>> } & Record<string, unknown> {
  const { image, profiles, ...settings } = input.settings ?? {};
  if (image === undefined || image === "") {
    throw new Kappa4Error(
      "invalid_argument",
      `Instance ${input.name} on "${api.connection}" was not created: settings.image is missing; give the alias or fingerprint of an image there.`,
      { context: { connector: api.connection, operation: "create", target: input.name } },
    );
  }
  const own = Object.entries(settings).map(([key, value]) => [key, String(value)] as const);
  const isFingerprint = /^[0-9a-f]{64}$/.test(String(image));
  return {
    type: input.type === "qemu" ? "virtual-machine" : "container",
    source: { type: "image", [isFingerprint ? "fingerprint" : "alias"]: String(image) },
    ...(profiles === undefined ? {} : { profiles: String(profiles).split(/[,;]\s*/) }),
    config: {
      "limits.cpu": String(input.cores),
      "limits.memory": `${input.memoryBytes}B`,
      ...Object.fromEntries(own),
    },
  };
}

function newKey(random: () => number): string {
  return Array.from({ length: 4 }, () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, "0"),
  ).join("");
}

function pathOf(id: GuestId): string {
  return `/1.0/instances/${encodeURIComponent(String(id))}`;
}

const DESCRIPTIONS: Readonly<Record<"start" | "stop" | "restart", RegExp>> = {
  start: /starting/i,
  stop: /stopping/i,
  restart: /restarting/i,
};
