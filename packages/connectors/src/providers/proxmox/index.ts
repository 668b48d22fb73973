import type {
  CallOptions,
  ClusterCapability,
  ComputeCapability,
  SnapshotsCapability,
} from "../../contract/capabilities.ts";
import {
  type ConnectContext,
  type Connector,
  type ConnectorDefinition,
  defineConnector,
} from "../../contract/connector.ts";
import { hiding } from "../../contract/secrets.ts";
import { createHttpClient } from "../../transport/http-client.ts";
import { checkAccess } from "./access.ts";
import { createApi } from "./api.ts";
import { createAuth } from "./auth.ts";
import { createClaims } from "./claims.ts";
import { createCompute } from "./compute.ts";
import type { ProxmoxContext } from "./context.ts";
import { describeGuests } from "./describe.ts";
import { classifyAnswer } from "./errors.ts";
import { migrate } from "./migrate.ts";
import { createNative, type ProxmoxNative } from "./native.ts";
import { type ProxmoxOptions, proxmoxOptions } from "./options.ts";
import { versionPayload } from "./payloads.ts";
import { resumeOperation } from "./resume.ts";
import { readSnapshot, readState } from "./snapshot.ts";
import { createSnapshots } from "./snapshots.ts";

export type { Method } from "./api.ts";
export type {
  NativeData,
  NativeFields,
  NativeParameters,
  NativePath,
  ProxmoxNative,
  ProxmoxSchemas,
} from "./native.ts";
export type { ProxmoxAuthOptions, ProxmoxOptions, ProxmoxOptionsInput } from "./options.ts";

/** A connector to one Proxmox VE cluster, versions 8.4 and 9. */
export interface ProxmoxConnector extends Connector {
  readonly kind: "proxmox";
  readonly cluster: ClusterCapability;
  readonly compute: ComputeCapability;
  readonly snapshots: SnapshotsCapability;
  /** The API itself, typed, for what the contract has no words for. */
  readonly native: ProxmoxNative;
}

/** Proxmox VE: clusters of nodes with VMs and containers. */
export const proxmox: ConnectorDefinition<"proxmox", typeof proxmoxOptions, ProxmoxConnector> =
  defineConnector({
    kind: "proxmox",
    options: proxmoxOptions,
    capabilities: ["cluster", "compute", "snapshots"],
    connect,
  });

const API_PATH = "/api2/json";

function connect(options: ProxmoxOptions, outside: ConnectContext): ProxmoxConnector {
  const { connection, clock, random, logger } = outside;
  const { auth: credentials, endpoints, tls, pollIntervalMs, ...limits } = options;
  const hide = hiding(options);
  const isPassword = credentials.type === "password";
  const http = createHttpClient({
    connection,
    clock,
    random,
    logger,
    baseUrls: endpoints.map((endpoint) => `${endpoint.replace(/\/+$/, "")}${API_PATH}`),
    tls,
    ...limits,
    classify: (answer, request) => classifyAnswer(answer, request, isPassword, hide),
  });
  const auth = createAuth(credentials, connection, clock, http);
  const api = createApi(http, auth, connection);
  const context: ProxmoxContext = {
    connection,
    clock,
    logger,
    api,
    hide,
    pollIntervalMs,
    claims: createClaims(random),
  };
  // Everything secret stays in the functions above: what is returned can be printed.
  return {
    kind: "proxmox",
    connection,
    ping: async (call: CallOptions = {}) => {
      const info = { operation: "connection check", signal: call.signal };
      const { version } = await api.get("/version", versionPayload, info);
      return { version };
    },
    cluster: {
      snapshot: (call) => readSnapshot(context, call),
      describeGuests: (ids, call) => describeGuests(context, ids, call),
      state: (call) => readState(context, call),
      migrate: (id, target, call) => migrate(context, id, target, call),
      checkAccess: (call) => checkAccess(context, call),
    },
    compute: createCompute(context),
    snapshots: createSnapshots(context),
    native: createNative(api, connection),
    resumeOperation: (token) => resumeOperation(context, token),
    close: () => http.close(),
  };
}
