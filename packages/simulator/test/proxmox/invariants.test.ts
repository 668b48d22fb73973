import { type Phase, type ProxmoxSimulator, startProxmox } from "@kappa4/simulator";
import { expect, test } from "vitest";
import { TOKEN, tokenHeader } from "./client.ts";

const RUNS = 100;
const NODES = ["pve1", "pve2", "pve3", "pve4"];
const PHASES: readonly Phase[] = ["prepare", "disks", "memory", "switch", "cleanup"];
const headers = tokenHeader(TOKEN);

// Moves, cancellations, faults and lost nodes in any order: when all has calmed down nothing may be left over.
test(`${RUNS} seeded runs of misfortune leave every guest in one place, and nothing held`, async () => {
  for (let seed = 1; seed <= RUNS; seed++) {
    const simulator = await startProxmox({ tokens: [TOKEN], seed, entryNode: "pve4" });
    const chance = chances(seed);
    const before = [...simulator.placements().keys()];
    for (let step = 0; step < 25; step++) await disturb(simulator, chance);
    simulator.faults.clear();
    for (const name of NODES) simulator.setNodeOnline(name, true);
    simulator.advance(3_600_000);
    const context = `seed ${seed}`;
    expect([...simulator.placements().keys()], context).toEqual(before);
    for (const [id, node] of simulator.placements()) {
      expect(NODES, context).toContain(node);
      expect(simulator.guest(id).busy, `${context}, guest ${id}`).toBe(false);
    }
    const unfinished = simulator.tasks.filter((task) => task.exitstatus === undefined);
    expect(unfinished, context).toEqual([]);
    for (const move of simulator.moves) {
      if (move.exitstatus === "OK") expect(move.endedAt, context).toBeGreaterThan(move.startedAt);
    }
    await expectExactMemory(simulator, context);
    await simulator.close();
  }
}, 120_000);

async function disturb(simulator: ProxmoxSimulator, chance: () => number): Promise<void> {
  const roll = chance();
  const ids = [...simulator.placements().keys()];
  const id = ids[Math.floor(chance() * ids.length)] ?? 100;
  const node = NODES[Math.floor(chance() * 3)] ?? "pve1";
  if (roll < 0.6) await move(simulator, id, NODES[Math.floor(chance() * 4)] ?? "pve4");
  else if (roll < 0.7) await cancel(simulator, chance);
  else if (roll < 0.78) {
    simulator.faults.add({
      kind: "task-fails",
      phase: PHASES[Math.floor(chance() * 5)] ?? "memory",
    });
  } else if (roll < 0.83) simulator.setNodeOnline(node, false);
  else if (roll < 0.93) for (const name of NODES) simulator.setNodeOnline(name, true);
  else simulator.setMaintenance(node, roll < 0.97);
  simulator.advance(Math.floor(chance() * 20_000));
}

async function move(simulator: ProxmoxSimulator, id: number, target: string): Promise<void> {
  const { kind, node } = simulator.guest(id);
  const form = kind === "qemu" ? { online: "1", "with-local-disks": "1" } : { restart: "1" };
  await simulator.fetch(`https://pve/api2/json/nodes/${node}/${kind}/${id}/migrate`, {
    method: "POST",
    headers,
    body: new URLSearchParams({ target, ...form }),
  });
}

async function cancel(simulator: ProxmoxSimulator, chance: () => number): Promise<void> {
  const running = simulator.tasks.filter((task) => task.exitstatus === undefined);
  const task = running[Math.floor(chance() * running.length)];
  if (!task) return;
  const url = `https://pve/api2/json/nodes/${task.node}/tasks/${task.upid}`;
  await simulator.fetch(url, { method: "DELETE", headers });
}

// Nothing is left arriving: what a node uses is its own and its running guests', to the byte.
async function expectExactMemory(simulator: ProxmoxSimulator, context: string): Promise<void> {
  for (const name of NODES) {
    const answer = await simulator.fetch(`https://pve/api2/json/nodes/${name}/status`, { headers });
    const { data } = (await answer.json()) as { data: { memory: { used: number; total: number } } };
    let sum = simulator.node(name).baseMemoryBytes;
    for (const [id, node] of simulator.placements()) {
      const guest = simulator.guest(id);
      if (node === name && guest.running) sum += guest.memoryBytes + guest.hostOverheadBytes;
    }
    expect(data.memory.used, `${context}, ${name}`).toBe(Math.min(sum, data.memory.total));
  }
}

// A generator of its own, so that the simulator's cannot hide its mistakes.
function chances(seed: number): () => number {
  let state = seed * 2_654_435_761;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
