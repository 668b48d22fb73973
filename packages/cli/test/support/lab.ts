import { readFileSync } from "node:fs";
import { type Clock, createKappa4, type Kappa4, readConfig, systemClock } from "@kappa4/sdk";
import {
  type ProxmoxSimulator,
  type ProxmoxSimulatorOptions,
  startProxmox,
} from "@kappa4/simulator";
import { onTestFinished } from "vitest";
import { directoryWith } from "./files.ts";
import { type RunOptions, type RunResult, runCli } from "./run-cli.ts";
import { putStore } from "./store.ts";

/** A simulated cluster and a configuration that points at it. */
export interface Lab {
  readonly simulator: ProxmoxSimulator;
  readonly directory: string;
  /** What the configuration reads from the environment. */
  readonly env: Readonly<Record<string, string>>;
  run(line: string, options?: RunOptions): Promise<RunResult>;
  /** A program of its own over the same cluster and the same store. */
  open(): Promise<Kappa4>;
  /** Requests that could change something. */
  writes(): number;
}

/** The example snapshot, as text. */
export const SMALL = new URL("../../../../examples/snapshots/small.json", import.meta.url);

const LOOKS =
  /^(rebalance (dry-run|best-node|explain)|whatif|rules|snapshot|doctor|actions|events)/;

/** By the simulated clock the work of a second takes minutes: the default would be over before a busy machine starts. */
const DAY_MS = 24 * 60 * 60 * 1000;

const TOKEN = { id: "automation@pve!kappa4", secret: "7c1f4a3e-0d52-4b1e-9f0a-2f6f1f0c9d11" };

/** Starts the small cluster of the examples and writes a configuration for it. Both go away with the test. */
export async function openLab(options: ProxmoxSimulatorOptions = {}): Promise<Lab> {
  const simulator = await startProxmox({
    snapshot: JSON.parse(readFileSync(SMALL, "utf8")),
    tokens: [TOKEN],
    ...options,
  });
  onTestFinished(() => simulator.close());
  // The command lives by the simulated clock, so that nobody waits for it.
  const scale = options.timeScale ?? 1;
  const clock: Clock = {
    now: () => simulator.now(),
    sleep: (ms, signal) => systemClock.sleep(ms / scale, signal),
  };
  const directory = directoryWith({
    "kappa4.yaml": `connections:
  gold:
    kind: proxmox
    endpoints: ["${simulator.url}"]
    auth: { type: token, token: "\${PVE_TOKEN}" }
    tls: { verify: pin, sha256: "${simulator.fingerprint}" }
    pollIntervalMs: 1000
approvals: { startMs: ${DAY_MS} }
`,
  });
  let store: Promise<void> | undefined;
  const withStore = (): Promise<void> => {
    store ??= putStore(directory);
    return store;
  };
  const env = { PVE_TOKEN: `${TOKEN.id}=${TOKEN.secret}` };
  return {
    simulator,
    directory,
    env,
    async run(line, given = {}) {
      // Who only looks makes no store, and looks into one that is there: that takes a second each time.
      if (!LOOKS.test(line)) await withStore();
      const all = { ...env, ...given.env };
      return runCli(line.split(" "), { cwd: directory, clock, ...given, env: all });
    },
    async open() {
      await withStore();
      return createKappa4(await readConfig(undefined, { directory, variables: env }), { clock });
    },
    writes: () => simulator.requests.filter(({ method }) => method !== "GET").length,
  };
}
