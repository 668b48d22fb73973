import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Clock, Logger } from "../../packages/connectors/src/contract/connector.ts";
import {
  type LxdConnector,
  type LxdOptionsInput,
  lxd,
} from "../../packages/connectors/src/providers/lxd/index.ts";
import { type LxdCluster, type NoLxd, startLxdCluster } from "../servers/lxd-fixture.ts";

const clock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { ...(signal === undefined ? {} : { signal }) }),
};
const quiet = (): void => {};
const logger: Logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };

/** What each member of the test cluster may be filled with; they share one host. */
export const CAPACITY = { memoryBytes: 256 * 2 ** 20, cores: 2 } as const;

/** Connects to a cluster as its configuration says, or otherwise. */
export function connect(
  cluster: LxdCluster,
  options: Partial<LxdOptionsInput> = {},
  context: { readonly clock?: Clock; readonly logger?: Logger } = {},
): LxdConnector {
  const memberCapacity = Object.fromEntries(cluster.members.map((name) => [name, CAPACITY]));
  const cert = readFileSync(cluster.certFile, "utf8");
  const key = readFileSync(cluster.keyFile, "utf8");
  return lxd.connect(
    lxd.options.parse({
      endpoints: cluster.endpoints,
      auth: { type: "certificate", cert, key },
      tls: { verify: "pin", sha256: cluster.fingerprint },
      memberCapacity,
      ...options,
    }),
    { connection: "lab", clock, random: Math.random, logger, ...context },
  );
}

/** A certificate that the cluster does not know. */
export function strangerOf(cluster: LxdCluster): LxdOptionsInput["auth"] {
  const [certFile, keyFile] = ["stranger.crt", "stranger.key"].map((name) =>
    join(cluster.dir, "lxc-home", name),
  ) as [string, string];
  if (!existsSync(certFile)) {
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    const files = ["-subj", "/CN=stranger", "-keyout", keyFile, "-out", certFile];
    execFileSync("openssl", ["req", "-x509", ...key, ...files], { stdio: "ignore" });
  }
  const [cert, key] = [readFileSync(certFile, "utf8"), readFileSync(keyFile, "utf8")];
  return { type: "certificate", cert, key };
}

/** A cluster for one file of tests; `get` throws while there is none. */
export interface ClusterHolder {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Why there is no cluster on this machine. */
  unavailable(): string | undefined;
  get(): LxdCluster;
}

/** Holds a cluster from `beforeAll` to `afterAll`. */
export function holdCluster(): ClusterHolder {
  let held: LxdCluster | NoLxd | undefined;
  return {
    async start() {
      held = await startLxdCluster();
      if ("unavailable" in held) console.warn(`LXD tests are left out: ${held.unavailable}`);
    },
    async stop() {
      if (held !== undefined && "stop" in held) await held.stop();
    },
    unavailable: () => (held !== undefined && "unavailable" in held ? held.unavailable : undefined),
    get() {
      if (held === undefined || "unavailable" in held) throw new Error("there is no LXD cluster");
      return held;
    },
  };
}

/** Asks until the answer is yes; the members of a cluster need seconds to notice that one is gone. */
export async function until(ask: () => Promise<boolean>, timeoutMs = 40_000): Promise<void> {
  const endsAt = Date.now() + timeoutMs;
  while (!(await ask())) {
    if (Date.now() > endsAt) throw new Error("waited in vain");
    await sleep(250);
  }
}
