import type { ComputeCapability, CreateInstanceInput } from "../../contract/capabilities.ts";
import { Kappa4Error } from "../../contract/errors.ts";
import type { Operation } from "../../contract/operation.ts";
import type { GuestId } from "../../contract/snapshot.ts";
import { instancePath, type LxdApi } from "./api.ts";
import {
  callInfo,
  contextOfToken,
  judgeChange,
  judgeCreation,
  KEY_CONFIG,
  nameOf,
} from "./judge.ts";
import { mapInstanceStatus } from "./mapping.ts";
import { createOperation } from "./operation.ts";
import { changePower } from "./power.ts";
import { submit } from "./submit.ts";
import { type ChangeToken, type CreationToken, tokenBase } from "./token.ts";

/** Makes the life of instances out of LXD's calls. */
export function createCompute(api: LxdApi): ComputeCapability {
  const base = tokenBase(api.connection, api.project);

  function createFrom(
    verb: "create" | "clone",
    name: string,
    node: string | undefined,
    instance: { readonly config: Readonly<Record<string, string>> } & Record<string, unknown>,
    signal: AbortSignal | undefined,
  ): Promise<Operation<{ readonly id: GuestId }>> {
    const key = newKey(api.random);
    const token: CreationToken = { ...base, verb, guest: name, key };
    return submit(api, {
      method: "POST",
      path: "/1.0/instances",
      query: { target: node },
      json: { ...instance, name, config: { ...instance.config, [KEY_CONFIG]: key } },
      token,
      judge: (complete) => judgeCreation(api, complete),
      description: /creating/i,
      signal,
    });
  }

  return {
    start: (id, { signal } = {}) => changePower(api, String(id), { verb: "start", signal }),
    stop: (id, { mode = "graceful", timeoutMs, signal } = {}) =>
      changePower(api, String(id), { verb: "stop", force: mode === "force", timeoutMs, signal }),
    restart: (id, { signal } = {}) => changePower(api, String(id), { verb: "restart", signal }),
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
      const token: ChangeToken = { ...base, verb: "delete", guest: String(id) };
      const found = await api.findInstances(`name eq ${id}`, callInfo(token, signal));
      const instance = found.find(({ name }) => name === token.guest);
      if (instance === undefined) {
        const unchanged = { ...token, unchanged: true };
        return createOperation(api, unchanged, judgeChange(api, unchanged));
      }
      if (mapInstanceStatus(instance) === "running") throw stillRuns(api, token);
      return submit(api, {
        method: "DELETE",
        path: instancePath(token.guest),
        token,
        judge: (complete) => judgeChange(api, complete),
        description: /deleting/i,
        signal,
      });
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

function stillRuns(api: LxdApi, token: ChangeToken): Kappa4Error {
  return new Kappa4Error(
    "failed_precondition",
    `${nameOf(api, token)} was not sent because the instance is running; stop it first.`,
    { context: contextOfToken(api, token) },
  );
}
