import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClusterSnapshot, PlacementRule } from "@kappa4/connectors";
import { readRules } from "@kappa4/sdk/balancing";
import { startProxmox } from "@kappa4/simulator";

/** What is installed from PyPI, with all that it asks for. */
export const PROXLB = "proxlb==2.3.0";

const TOKEN = { id: "bench@pve!proxlb", secret: "00000000-0000-4000-8000-000000000000" };

/** A guest by name, from one node to another. */
export interface NamedMove {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** What ProxLB would do: of itself, and by its CP-SAT solver. */
export interface ProxlbPlans {
  readonly own: readonly NamedMove[];
  readonly solver: readonly NamedMove[];
  /** What the solver says of its answer; undefined where it gave none. */
  readonly solverStatus: string | undefined;
  readonly solverSeconds: number;
}

/** A copy of ProxLB in a folder of its own. */
export interface Proxlb {
  readonly plan: (snapshot: ClusterSnapshot, seconds: number) => Promise<ProxlbPlans>;
  readonly remove: () => void;
}

/** Installs ProxLB from PyPI into a temporary folder. Needs Python 3.11 with pip, and 300 MB. */
export async function installProxlb(): Promise<Proxlb> {
  const folder = mkdtempSync(join(tmpdir(), "kappa4-proxlb-"));
  const library = join(folder, "library");
  await python(["-m", "pip", "install", "--quiet", "--target", library, PROXLB], {});
  return {
    plan: async (snapshot, seconds) => await planWith(folder, library, snapshot, seconds),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** ProxLB reads the cluster from the simulator, as it would from Proxmox VE, and plans without carrying out. */
async function planWith(
  folder: string,
  library: string,
  snapshot: ClusterSnapshot,
  seconds: number,
): Promise<ProxlbPlans> {
  const logs = mkdtempSync(join(folder, "run-"));
  const guests = snapshot.guests.map((guest) => ({ ...guest, id: Number(guest.id) }));
  const simulator = await startProxmox({
    snapshot: { ...snapshot, guests },
    tokens: [TOKEN],
    timeScale: 1,
  });
  try {
    const config = join(logs, "proxlb.yaml");
    const written = configOf(snapshot, new URL(simulator.url).host, logs, seconds);
    writeFileSync(config, JSON.stringify(written));
    const args = ["-m", "proxlb", "--config", config, "--dry-run", "--json"];
    const output = await python(args, { PYTHONPATH: library });
    return { own: ownMoves(output), ...solverMoves(logs) };
  } finally {
    await simulator.close();
  }
}

/** The same target and rules; what ProxLB has no word for in a snapshot is said in its file. JSON is YAML too. */
function configOf(snapshot: ClusterSnapshot, host: string, logs: string, seconds: number): unknown {
  const draining = snapshot.nodes.filter(({ maintenance }) => maintenance);
  const [user, tokenId] = TOKEN.id.split("!");
  const kinds = readRules(snapshot).map(({ kind }) => kind);
  const has = (kind: PlacementRule["kind"]): boolean => kinds.includes(kind);
  return {
    proxmox_api: {
      hosts: [host],
      user,
      token_id: tokenId,
      token_secret: TOKEN.secret,
      ssl_verification: false,
      timeout: 60,
    },
    proxmox_cluster: { maintenance_nodes: draining.map(({ name }) => name), ignore_nodes: [] },
    balancing: {
      enable: true,
      enforce_affinity: has("together") || has("apart"),
      // Left on, it makes ProxLB move guests on when the target is reached, so it is on only where there are pins.
      enforce_pinning: has("pin"),
      balance_types: ["vm", "ct"],
      balanciness: snapshot.policy?.balanciness ?? 10,
      method: "memory",
      mode: "used",
      pools: snapshot.pools,
    },
    service: { daemon: false, log_level: "INFO" },
    solver: { enable: true, mode: "shadow", log_dir: logs, timeout_seconds: seconds },
  };
}

interface DryRun {
  readonly guests: Readonly<
    Record<string, { readonly node_current: string; readonly node_target: string }>
  >;
}

function ownMoves(output: string): readonly NamedMove[] {
  const { guests } = JSON.parse(
    output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1),
  ) as DryRun;
  return Object.entries(guests)
    .map(([name, guest]) => ({ name, from: guest.node_current, to: guest.node_target }))
    .filter(({ from, to }) => from !== to);
}

interface SolverEvent {
  readonly event: string;
  readonly vm: string;
  readonly source: string;
  readonly target: string;
  readonly status: string;
  readonly wall_time_ms: number;
}

function solverMoves(logs: string): Omit<ProxlbPlans, "own"> {
  const file = readdirSync(logs).find((name) => name.endsWith(".jsonl"));
  const lines = file === undefined ? [] : readFileSync(join(logs, file), "utf8").trim().split("\n");
  const events = lines.map((line): SolverEvent => JSON.parse(line));
  const answer = events.find(({ event }) => event === "solver_run");
  const steps = events.filter(({ event }) => event === "plan_step");
  return {
    solver: steps.map(({ vm, source, target }) => ({ name: vm, from: source, to: target })),
    solverStatus: answer?.status,
    solverSeconds: (answer?.wall_time_ms ?? 0) / 1000,
  };
}

async function python(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn("python3", args, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: string[] = [];
  const errors: string[] = [];
  child.stdout.on("data", (chunk) => output.push(String(chunk)));
  child.stderr.on("data", (chunk) => errors.push(String(chunk)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code !== 0) throw new Error(`python3 ${args[1]} ended with ${code}: ${errors.join("")}`);
  return output.join("");
}
