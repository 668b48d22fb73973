import type { Fault, ProxmoxSimulator, ProxmoxSimulatorOptions } from "@kappa4/simulator";
import { afterEach, describe, expect, it } from "vitest";
import type { MigrateGuestOptions, OperationStatus } from "../../../src/index.ts";
import type {
  ProxmoxConnector,
  ProxmoxOptionsInput,
} from "../../../src/providers/proxmox/index.ts";
import { connectTo, PASSWORD, startCluster, writesTo } from "./target.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

interface Lab {
  readonly simulator: ProxmoxSimulator;
  readonly connector: ProxmoxConnector;
}

/** A VM, a container and an HA-managed VM, all on pve1; a second entry on pve2. */
async function start(
  options: ProxmoxSimulatorOptions = {},
  connection: Partial<ProxmoxOptionsInput> = {},
): Promise<Lab> {
  const simulator = await startCluster({ entryNodes: [{ node: "pve2" }], ...options });
  open.push(simulator);
  const connector = connectTo(simulator, connection);
  open.push(connector);
  return { simulator, connector };
}

async function move({ connector }: Lab, id: number, to: string, options: MigrateGuestOptions = {}) {
  const operation = await connector.cluster.migrate(id, to, { allowDowntime: true, ...options });
  return operation.done();
}

const onMigrate = { method: "POST", path: /\/migrate$/ } as const;
const GUESTS = [
  { what: "a VM", id: 100, to: "pve3" },
  { what: "a container", id: 200, to: "pve3" },
  { what: "a VM under HA", id: 115, to: "pve4" },
] as const;

describe.each(["8.4", "9.0", "9.2"])("version %s", (version) => {
  it.each(GUESTS)("moves $what", async ({ id, to }) => {
    const lab = await start({ version });
    expect(await move(lab, id, to)).toEqual({ node: to, warnings: [] });
    expect(lab.simulator.guest(id)).toMatchObject({ node: to, running: true });
    expect(writesTo(lab.simulator)).toHaveLength(1);
  });

  it("moves a stopped guest, which stays stopped", async () => {
    const lab = await start({ version });
    await move(lab, 118, "pve1", { allowDowntime: false });
    expect(lab.simulator.guest(118)).toMatchObject({ node: "pve1", running: false });
  });

  it("sees a container as its node does, when it was stopped just now", async () => {
    const lab = await start({ version });
    await (await lab.connector.compute.stop(200, { mode: "force" })).done();
    await move(lab, 200, "pve3", { allowDowntime: false });
    expect(lab.simulator.guest(200)).toMatchObject({ node: "pve3", running: false });
  });

  it("takes local disks along", async () => {
    const lab = await start({ version, speed: { diskBytesPerSecond: 4 * 2 ** 30 } });
    await move(lab, 111, "pve4");
    expect(lab.simulator.placements().get(111)).toBe("pve4");
  });
});

describe("a move", () => {
  it("tells how far it is, and what the log says", async () => {
    const { connector } = await start();
    const operation = await connector.cluster.migrate(100, "pve3");
    const told: OperationStatus[] = [];
    await operation.done({ onProgress: (status) => told.push(status) });
    const progress = told.flatMap((status) => status.progress ?? []);
    expect(progress.length).toBeGreaterThan(4);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(progress.at(-1)).toBe(1);
    expect(told.some(({ stage }) => stage?.startsWith("migration active"))).toBe(true);
    expect(told[0]?.startedAt).toBeInstanceOf(Date);
  });

  it("can be cancelled, and leaves the guest where it was", async () => {
    const lab = await start();
    const operation = await lab.connector.cluster.migrate(100, "pve3");
    lab.simulator.advance(5000);
    await operation.status();
    expect(await operation.cancel()).toBe("requested");
    await expect(operation.done()).rejects.toMatchObject({
      code: "operation_failed",
      outcome: "not_applied",
      message: expect.stringContaining("it was cancelled"),
    });
    expect((await operation.status()).state).toBe("cancelled");
    expect(lab.simulator.guest(100)).toMatchObject({ node: "pve1", running: true });
    expect(await operation.cancel()).toBe("too_late");
  });

  it("that was only asked of HA can be cancelled too", async () => {
    const lab = await start();
    const operation = await lab.connector.cluster.migrate(115, "pve4");
    expect(await operation.cancel()).toBe("requested");
    await expect(operation.done()).rejects.toMatchObject({
      code: "operation_failed",
      outcome: "not_applied",
      message: expect.stringContaining("it was cancelled; it is still on pve1"),
    });
    expect((await operation.status()).state).toBe("cancelled");
    expect(lab.simulator.guest(115)).toMatchObject({ node: "pve1", running: true });
  });

  it("names what HA moves along", async () => {
    const rule = { rule: "together", type: "resource-affinity", affinity: "positive" };
    const lab = await start();
    const { native } = lab.connector;
    const resources = "vm:115,vm:116";
    await native.request("DELETE", "/cluster/ha/rules/lb-apart");
    await native.request("POST", "/cluster/ha/rules", { ...rule, resources });
    lab.simulator.advance(60_000);
    const home = lab.simulator.guest(115).node;
    const result = await move(lab, 115, home === "pve4" ? "pve2" : "pve4");
    expect(result.warnings).toEqual([expect.stringContaining("together with vm:116")]);
  });

  it("gives up waiting at the caller's limit, and can be waited for again", async () => {
    const { connector } = await start();
    const operation = await connector.cluster.migrate(100, "pve3");
    await expect(operation.done({ totalTimeoutMs: 3000 })).rejects.toMatchObject({
      code: "timeout",
      outcome: "unknown",
    });
    await expect(operation.done()).resolves.toMatchObject({ node: "pve3" });
  });

  it("is refused before anything is sent when it cannot work", async () => {
    const lab = await start({ offline: ["pve3"] });
    lab.simulator.setMaintenance("pve2", true);
    const cases: readonly (readonly [number, string, string, string, MigrateGuestOptions?])[] = [
      [114, "pve1", "conflict", "locked (backup)"],
      [107, "pve1", "failed_precondition", "hostpci0"],
      [100, "pve3", "failed_precondition", "not online"],
      [100, "pve2", "failed_precondition", "maintenance"],
      [100, "pve1", "failed_precondition", "already"],
      [100, "pve9", "not_found", "no such node"],
      [112, "pve1", "failed_precondition", "does not answer"],
      [200, "pve4", "failed_precondition", "downtime", { allowDowntime: false }],
      [111, "pve4", "failed_precondition", "local-lvm", { withLocalDisks: false }],
    ];
    for (const [id, to, code, text, options] of cases) {
      await expect(move(lab, id, to, options), `${id} to ${to}`).rejects.toMatchObject({
        code,
        outcome: "not_applied",
        message: expect.stringContaining(text),
      });
    }
    expect(writesTo(lab.simulator)).toEqual([]);
  });

  it("names the HA rule that forbids it", async () => {
    const lab = await start();
    await expect(move(lab, 115, "pve3")).rejects.toMatchObject({
      code: "failed_precondition",
      message: expect.stringContaining("vm:116"),
    });
    expect(writesTo(lab.simulator)).toEqual([]);
  });

  it("that the HA manager lets lie is a failure", async () => {
    const lab = await start();
    lab.simulator.faults.add({ kind: "ha-refuses" });
    await expect(move(lab, 115, "pve4")).rejects.toMatchObject({
      code: "failed_precondition",
      outcome: "not_applied",
      message: expect.stringContaining("HA manager"),
    });
    expect(lab.simulator.placements().get(115)).toBe("pve1");
  });
});

describe.each(GUESTS)("a move of $what", ({ id, to }) => {
  it.each(["cut-after-accept", "stall", "garbage"] as const)(
    "whose answer is lost (%s) is found, and not asked for twice",
    async (kind) => {
      // Long enough for a busy machine, short enough to wait for where an answer never comes.
      const lab = await start({}, kind === "stall" ? { timeoutMs: 1000 } : {});
      lab.simulator.faults.add({ kind, on: onMigrate });
      expect(await move(lab, id, to)).toMatchObject({ node: to });
      expect([writesTo(lab.simulator).length, lab.simulator.moves.length]).toEqual([1, 1]);
    },
  );

  it.each([
    { kind: "cut-before" },
    { kind: "status", status: 500 },
    { kind: "status", status: 502 },
    { kind: "status", status: 596 },
  ] as const)("that never began is known not to have: %j", async (fault) => {
    const lab = await start();
    lab.simulator.faults.add({ ...fault, on: onMigrate } as Fault);
    await expect(move(lab, id, to)).rejects.toMatchObject({
      outcome: "not_applied",
      message: expect.stringContaining("no task of it was started"),
    });
    expect([writesTo(lab.simulator).length, lab.simulator.moves.length]).toEqual([1, 0]);
  });

  it("that never began is unknown while nobody can look", async () => {
    const lab = await start();
    lab.simulator.faults.add({ kind: "cut-before", on: onMigrate });
    lab.simulator.faults.add({ kind: "cut-before", on: { path: /\/tasks$/, nth: 2 }, times: 1000 });
    lab.simulator.faults.add({
      kind: "cut-before",
      on: { path: "/cluster/resources", nth: 2 },
      times: 1000,
    });
    await expect(move(lab, id, to)).rejects.toMatchObject({ code: "network", outcome: "unknown" });
    expect(writesTo(lab.simulator)).toHaveLength(1);
  });

  it.each(["prepare", "memory", "switch"] as const)(
    "that fails in phase %s leaves the guest, and shows the log",
    async (phase) => {
      const lab = await start();
      lab.simulator.faults.add({ kind: "task-fails", phase });
      await expect(move(lab, id, to)).rejects.toMatchObject({
        code: "operation_failed",
        outcome: "not_applied",
        log: expect.arrayContaining([expect.stringContaining("TASK ERROR")]),
      });
      expect(lab.simulator.guest(id)).toMatchObject({ node: "pve1", running: true });
    },
  );

  it("passes the warnings of its task on", async () => {
    const lab = await start();
    lab.simulator.faults.add({ kind: "task-warns" });
    const result = await move(lab, id, to);
    expect(result.warnings).toEqual([expect.stringContaining("WARN")]);
  });

  it("outlasts a line and a cluster that stumble", async () => {
    const lab = await start();
    const on = { method: "GET" };
    lab.simulator.faults.add({ kind: "cut-before", on, chance: 0.25, times: 1000 });
    lab.simulator.faults.add({ kind: "status", status: 503, on, chance: 0.25, times: 1000 });
    expect(await move(lab, id, to)).toMatchObject({ node: to });
    expect(writesTo(lab.simulator)).toHaveLength(1);
  });
});

describe("an arrival", () => {
  it.each(GUESTS.filter(({ id }) => id !== 200))(
    "of $what that runs is done, with a warning when its task failed later",
    async ({ id, to }) => {
      const lab = await start();
      lab.simulator.faults.add({ kind: "task-fails", phase: "cleanup" });
      const result = await move(lab, id, to);
      expect(result.node).toBe(to);
      expect(result.warnings.join()).toContain("although the guest arrived");
    },
  );

  it("of a container that was not started again is no success", async () => {
    const lab = await start();
    const on = { type: "vzmigrate" };
    lab.simulator.faults.add({ kind: "task-fails", phase: "cleanup", on });
    await expect(move(lab, 200, "pve3")).rejects.toMatchObject({
      code: "operation_failed",
      outcome: "applied",
      message: expect.stringContaining("on pve3 but does not run; start it"),
    });
    expect(lab.simulator.guest(200)).toMatchObject({ node: "pve3", running: false });
  });

  it("is not believed of the list alone, which is older than the truth", async () => {
    const lab = await start();
    const body = JSON.stringify({ data: { status: "stopped" } });
    const on = { method: "GET", path: "/nodes/pve3/qemu/100/status/current" };
    lab.simulator.faults.add({ kind: "status", status: 200, body, on, times: 2 });
    const before = lab.simulator.requests.length;
    await move(lab, 100, "pve3");
    const asked = lab.simulator.requests.slice(before).filter(({ path }) => path === on.path);
    expect(asked).toHaveLength(3);
  });
});

describe("a move by ticket", () => {
  const requests = Array.from({ length: 20 }, (_, index) => index + 1);

  it.each(requests)("comes to its end when request %i finds the ticket expired", async (nth) => {
    const auth = { type: "password", username: "root@pam", password: PASSWORD } as const;
    const lab = await start({}, { auth });
    const on = { path: /^(?!\/access)/, nth };
    const fault = lab.simulator.faults.add({ kind: "ticket-expired", on });
    expect(await move(lab, 100, "pve3")).toMatchObject({ node: "pve3" });
    expect([fault.fired, lab.simulator.moves.length]).toEqual([1, 1]);
  });
});

describe("a full storage", () => {
  it("fails the move of a guest with local disks, and says what to do", async () => {
    const lab = await start();
    lab.simulator.fillStorage("local-lvm", "pve4");
    await expect(move(lab, 111, "pve4")).rejects.toMatchObject({
      code: "operation_failed",
      outcome: "not_applied",
      message: expect.stringContaining("make room or choose another place"),
    });
    expect(lab.simulator.placements().get(111)).toBe("pve1");
  });
});

describe("a mapped device", () => {
  it("that the target lacks is named before anything is sent, and in a full snapshot", async () => {
    const lab = await start();
    lab.simulator.setMapping("gpu", ["pve3", "pve4"]);
    lab.simulator.guest(118).config.set("hostpci0", "mapping=gpu,pcie=1");
    const { node } = lab.simulator.guest(118);
    const target = node === "pve1" ? "pve2" : "pve1";
    await expect(move(lab, 118, target)).rejects.toMatchObject({
      code: "failed_precondition",
      message: expect.stringContaining("the device of hostpci0 is not there"),
    });
    expect(writesTo(lab.simulator)).toEqual([]);
    const [detail] = await lab.connector.cluster.describeGuests([118]);
    expect(detail?.refusedNodes?.[target]).toContain("hostpci0");
  });
});

describe("a node lost in mid-move", () => {
  it("leaves the outcome unknown while it is away", async () => {
    const lab = await start({}, { pollIntervalMs: 10_000 });
    lab.simulator.faults.add({ kind: "node-lost", node: "source", phase: "memory" });
    await expect(move(lab, 100, "pve3")).rejects.toMatchObject({
      code: "unavailable",
      outcome: "unknown",
      message: expect.stringContaining("pve1 does not answer"),
    });
  });

  it("has the truth for whoever waits again when it is back", async () => {
    const lab = await start({}, { pollIntervalMs: 10_000 });
    lab.simulator.faults.add({ kind: "node-lost", node: "source", phase: "memory" });
    const operation = await lab.connector.cluster.migrate(100, "pve3");
    await expect(operation.done()).rejects.toMatchObject({ outcome: "unknown" });
    lab.simulator.setNodeOnline("pve1", true);
    await expect(operation.done()).rejects.toMatchObject({
      code: "operation_failed",
      outcome: "not_applied",
    });
  });

  it("has the truth when it is back", async () => {
    const lab = await start();
    lab.simulator.faults.add({ kind: "node-lost", node: "source", phase: "memory" });
    const operation = await lab.connector.cluster.migrate(100, "pve3");
    let looks = 0;
    const result = operation.done({
      onProgress: ({ state }) => {
        looks += 1;
        if (state === "unknown") lab.simulator.setNodeOnline("pve1", true);
      },
    });
    await expect(result).rejects.toMatchObject({
      code: "operation_failed",
      outcome: "not_applied",
    });
    expect(looks).toBeGreaterThan(1);
    expect(lab.simulator.placements().get(100)).toBe("pve1");
  });

  it("does not matter when the guest arrived", async () => {
    const lab = await start();
    lab.simulator.faults.add({ kind: "node-lost", node: "source", phase: "switch" });
    expect(await move(lab, 100, "pve3")).toMatchObject({ node: "pve3" });
  });

  it("lets HA bring the guest elsewhere, and says where it is", async () => {
    const lab = await start();
    lab.simulator.faults.add({ kind: "node-lost", node: "source", phase: "memory" });
    const error = await move(lab, 115, "pve4").catch((thrown: unknown) => thrown);
    const place = lab.simulator.placements().get(115);
    expect(place).not.toBe("pve1");
    expect(error).toMatchObject({ message: expect.stringContaining(String(place)) });
  });

  it("as the target makes the move fail, and the guest stays", async () => {
    const lab = await start();
    lab.simulator.faults.add({ kind: "node-lost", node: "target", phase: "memory" });
    await expect(move(lab, 100, "pve3")).rejects.toMatchObject({
      code: "operation_failed",
      outcome: "not_applied",
    });
    expect(lab.simulator.guest(100)).toMatchObject({ node: "pve1", running: true });
  });
});
