import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ProxmoxSimulator,
  type ProxmoxSimulatorOptions,
  startProxmox,
} from "@kappa4/simulator";
import type { Clock, Logger } from "../../../src/index.ts";
import {
  type ProxmoxConnector,
  type ProxmoxOptionsInput,
  proxmox,
} from "../../../src/providers/proxmox/index.ts";
import type { ConformanceFault, ConnectorTarget } from "../../../src/testing/index.ts";

export const TOKEN_SECRET = "5ec3e7aa-0000-4000-8000-00000000beef";
const TOKEN_ID = "automation@pve!kappa4";
export const PASSWORD = "a password that is 5ecret";

/** The clusters of one test file show the same certificates: to make them takes longer than most tests. */
const CERTIFICATES = mkdtempSync(join(tmpdir(), "kappa4-certificates-"));
process.once("exit", () => rmSync(CERTIFICATES, { recursive: true, force: true }));

/** A clock that moves the simulator's time instead of waiting. */
export function simulatedClock(simulator: ProxmoxSimulator): Clock {
  return {
    now: () => simulator.now(),
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      simulator.advance(ms);
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    },
  };
}

export const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Starts a simulated cluster that knows the token and the password of these tests. */
export function startCluster(options: ProxmoxSimulatorOptions = {}): Promise<ProxmoxSimulator> {
  return startProxmox({
    certificateDirectory: CERTIFICATES,
    password: PASSWORD,
    tokens: [{ id: TOKEN_ID, secret: TOKEN_SECRET }],
    ...options,
  });
}

/** Connects to a simulated cluster, by token unless told otherwise. */
export function connectTo(
  simulator: ProxmoxSimulator,
  options: Partial<ProxmoxOptionsInput> = {},
  context: {
    readonly clock?: Clock;
    readonly logger?: Logger | undefined;
    readonly random?: () => number;
  } = {},
): ProxmoxConnector {
  const { clock = simulatedClock(simulator), logger = silent, random = () => 0.5 } = context;
  return proxmox.connect(
    proxmox.options.parse({
      endpoints: simulator.urls,
      auth: { type: "token", token: `${TOKEN_ID}=${TOKEN_SECRET}` },
      tls: { verify: "pin", sha256: simulator.entries.map(({ fingerprint }) => fingerprint) },
      ...options,
    }),
    { connection: "gold", clock, random, logger },
  );
}

/** The requests so far that may have changed something; a login changes nothing. */
export function writesTo(simulator: ProxmoxSimulator): readonly string[] {
  return simulator.requests
    .filter(({ method, path }) => method !== "GET" && !path.endsWith("/access/ticket"))
    .map(({ method, path }) => `${method} ${path}`);
}

const PASSWORD_AUTH = { type: "password", username: "root@pam", password: PASSWORD } as const;

/** A simulated cluster as the conformance suite wants it. */
export async function conformanceTarget(
  version: string,
  login: "token" | "password",
): Promise<ConnectorTarget> {
  const simulator = await startCluster({ version });
  const clock = simulatedClock(simulator);
  return {
    definition: proxmox,
    clock,
    secrets: [
      TOKEN_SECRET,
      PASSWORD,
      encodeURIComponent(PASSWORD),
      "PVE:root@pam:",
      "PVEAPIToken=",
    ],
    move: { guest: 200, to: "pve3", allowDowntime: true },
    connect: ({ wrongCredentials = false, timeoutMs, logger } = {}) => {
      const token = `${TOKEN_ID}=${wrongCredentials ? "wrong" : TOKEN_SECRET}`;
      const auth =
        login === "token"
          ? ({ type: "token", token } as const)
          : { ...PASSWORD_AUTH, ...(wrongCredentials ? { password: "wrong" } : {}) };
      return connectTo(simulator, { auth, timeoutMs }, { clock, logger });
    },
    writes: () => writesTo(simulator).length,
    break: (fault, times = Number.POSITIVE_INFINITY) => breakSimulator(simulator, fault, times),
    heal: () => simulator.faults.clear(),
    close: () => simulator.close(),
  };
}

const STATUSES: Partial<Record<ConformanceFault, number>> = {
  unauthorized: 401,
  forbidden: 403,
  missing: 404,
  "rate-limited": 429,
  failing: 503,
};

function breakSimulator(simulator: ProxmoxSimulator, fault: ConformanceFault, times: number): void {
  const { faults } = simulator;
  const status = STATUSES[fault];
  if (status !== undefined) faults.add({ kind: "status", status, times });
  else if (fault === "slow") faults.add({ kind: "slow", delayMs: 1000, times });
  else if (fault === "malformed") faults.add({ kind: "garbage", times });
  else if (fault === "cut-read") faults.add({ kind: "cut-before", on: { method: "GET" }, times });
  else faults.add({ kind: "cut-after-accept", on: { method: "POST", path: /migrate$/ }, times });
}
