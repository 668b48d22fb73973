import type {
  ClusterCapability,
  ComputeCapability,
  SnapshotsCapability,
} from "../../contract/capabilities.ts";
import {
  type Connector,
  type ConnectorDefinition,
  defineConnector,
} from "../../contract/connector.ts";
import { Kappa4Error } from "../../contract/errors.ts";
import type { Operation } from "../../contract/operation.ts";
import { createHttpClient } from "../../transport/http-client.ts";
import { checkAccess } from "./access.ts";
import { createLxdApi, type LxdApi } from "./api.ts";
import { createCompute } from "./compute.ts";
import { errorFromAnswer } from "./errors.ts";
import { createSnapshots } from "./guest-snapshots.ts";
import { judgeChange, judgeCreation, judgeSnapshot } from "./judge.ts";
import { judgeMove } from "./judge-move.ts";
import { migrate } from "./migrate.ts";
import { createOperation } from "./operation.ts";
import { type LxdOptions, lxdOptionsSchema, tlsOf } from "./options.ts";
import { createClusterReader } from "./snapshot.ts";
import { readToken } from "./token.ts";

export type { LxdOptions, LxdOptionsInput, MemberCapacity } from "./options.ts";

/** A connected LXD or Incus cluster. */
export interface LxdConnector extends Connector {
  readonly kind: "lxd";
  readonly cluster: ClusterCapability;
  readonly compute: ComputeCapability;
  readonly snapshots: SnapshotsCapability;
}

/**
 * LXD and Incus clusters, over their REST API with a client certificate.
 *
 * @example
 * const connector = lxd.connect(
 *   lxd.options.parse({
 *     endpoints: ["https://10.0.0.11:8443", "https://10.0.0.12:8443"],
 *     auth: { type: "certificate", cert, key },
 *     tls: { verify: "pin", sha256 },
 *   }),
 *   { connection: "lab", clock, random: Math.random, logger },
 * );
 */
export const lxd: ConnectorDefinition<"lxd", typeof lxdOptionsSchema, LxdConnector> =
  defineConnector({
    kind: "lxd",
    options: lxdOptionsSchema,
    capabilities: ["cluster", "compute", "snapshots"],
    connect(options: LxdOptions, context): LxdConnector {
      const { connection, clock, random, logger } = context;
      const { timeoutMs, totalTimeoutMs, concurrency, retries, project } = options;
      const http = createHttpClient({
        connection,
        clock,
        random,
        logger,
        baseUrls: options.endpoints,
        tls: tlsOf(options),
        timeoutMs,
        totalTimeoutMs,
        concurrency,
        retries,
        classify: errorFromAnswer,
      });
      const api = createLxdApi({ http, connection, project, clock, random, logger });
      const reader = createClusterReader(api, options.memberCapacity);
      return {
        kind: "lxd",
        connection,
        ping: async ({ signal } = {}) => ({ version: await version(api, signal) }),
        cluster: {
          snapshot: reader.snapshot,
          state: reader.state,
          describeGuests: reader.describeGuests,
          migrate: (id, target, migrateOptions) => migrate(api, String(id), target, migrateOptions),
          checkAccess: (callOptions) => checkAccess(api, options.auth.cert, callOptions),
        },
        compute: createCompute(api),
        snapshots: createSnapshots(api),
        resumeOperation: (token) => resume(api, token),
        close: () => http.close(),
      };
    },
  });

async function version(api: LxdApi, signal: AbortSignal | undefined): Promise<string> {
  const { auth, environment } = await api.server({ operation: "connection check", signal });
  if (auth === "trusted") {
    return `${environment?.server ?? "lxd"} ${environment?.server_version ?? "of unknown version"}`;
  }
  throw new Kappa4Error(
    "auth",
    `The cluster behind "${api.connection}" does not trust the client certificate; add it there with \`lxc config trust add\`.`,
    { context: { connector: api.connection, operation: "connection check" } },
  );
}

function resume(api: LxdApi, text: string): Operation<unknown> {
  const token = readToken(text, api.connection, api.project);
  switch (token.verb) {
    case "migrate":
      return createOperation<unknown>(api, token, judgeMove(api, token));
    case "create":
    case "clone":
      return createOperation<unknown>(api, token, judgeCreation(api, token));
    case "snapshot":
    case "restore":
    case "delete-snapshot":
      return createOperation<unknown>(api, token, judgeSnapshot(api, token));
    default:
      return createOperation<unknown>(api, token, judgeChange(api, token));
  }
}
