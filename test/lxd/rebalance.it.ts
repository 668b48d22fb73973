import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LxdCluster, startLxdCluster } from "../servers/lxd-fixture.ts";

const lxd = await startLxdCluster();
if ("unavailable" in lxd) console.log(`LXD is left out: ${lxd.unavailable}`);

const COMMAND = fileURLToPath(new URL("../../packages/cli/src/main.ts", import.meta.url));
/** Each container may fill 64 MiB of a member's 640: ten percent each. */
const CAPACITY = { memoryBytes: 640 * 2 ** 20, cores: 8 };

const containers = [
  { name: "web1", member: "node1", tags: ["plb_anti_affinity_web"] },
  { name: "web2", member: "node1", tags: ["plb_anti_affinity_web"] },
  { name: "app1", member: "node1", tags: ["plb_affinity_app"] },
  { name: "app2", member: "node2", tags: ["plb_affinity_app"] },
  { name: "licensed", member: "node3", tags: ["plb_pin_node1"] },
  { name: "untouchable", member: "node1", tags: ["plb_ignore"] },
  { name: "c7", member: "node1" },
  { name: "c8", member: "node1" },
  { name: "c9", member: "node1" },
  { name: "c10", member: "node1" },
];

describe.skipIf("unavailable" in lxd)("the command line on a real three-member LXD cluster", () => {
  const cluster = lxd as LxdCluster;
  const folder = mkdtempSync(join(tmpdir(), "k4-lxd-main-job-"));

  /** Runs the command as a user does. */
  async function kappa4(
    ...words: string[]
  ): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const child = spawn(process.execPath, ["--conditions=@kappa4/source", COMMAND, ...words], {
      cwd: folder,
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (data) => (stdout += data));
    child.stderr.on("data", (data) => (stderr += data));
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    return { code, stdout, stderr };
  }

  async function places(): Promise<Map<string, string>> {
    return new Map((await cluster.containers()).map(({ name, member }) => [name, member]));
  }

  beforeAll(async () => {
    await cluster.createContainers(containers);
    const memberCapacity = Object.fromEntries(cluster.members.map((member) => [member, CAPACITY]));
    const config = {
      connections: {
        edge: {
          kind: "lxd",
          endpoints: cluster.endpoints,
          auth: { type: "certificate", certFile: cluster.certFile, keyFile: cluster.keyFile },
          tls: { verify: "pin", sha256: cluster.fingerprint },
          memberCapacity,
        },
      },
      balancing: { mode: "assigned", balanciness: 20 },
    };
    writeFileSync(join(folder, "kappa4.yaml"), JSON.stringify(config));
  });

  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await cluster.stop();
  });

  it("finds nothing missing", async () => {
    const { code, stdout, stderr } = await kappa4("doctor");
    expect(code, stdout + stderr).toBe(0);
  });

  it("makes no write in a dry run", async () => {
    const mark = cluster.mark();
    const before = await places();
    const { code, stdout, stderr } = await kappa4("rebalance", "dry-run", "--json");
    expect(code, stderr).toBe(0);
    const plan = JSON.parse(stdout);
    expect(plan.moves.length).toBeGreaterThan(2);
    expect(plan.before.spread).toBeGreaterThan(40);
    expect(cluster.writesSince(mark)).toEqual([]);
    expect(await places()).toEqual(before);
  });

  it("levels the members, keeps every rule, and loses no container", async () => {
    const before = await cluster.containers();
    const mark = cluster.mark();
    const { code, stdout, stderr } = await kappa4("rebalance", "apply", "--yes");
    expect(code, stdout + stderr).toBe(0);

    const after = await cluster.containers();
    expect(after.map(({ uid }) => uid).sort()).toEqual(before.map(({ uid }) => uid).sort());
    expect(after.every(({ status }) => status === "Running")).toBe(true);

    const on = await places();
    expect(on.get("web1")).not.toBe(on.get("web2"));
    expect(on.get("app1")).toBe(on.get("app2"));
    expect(on.get("licensed")).toBe("node1");
    expect(on.get("untouchable")).toBe("node1");

    const counts = cluster.members.map(
      (member) => [...on.values()].filter((place) => place === member).length,
    );
    expect(
      Math.max(...counts) - Math.min(...counts),
      `containers per member ${counts}`,
    ).toBeLessThanOrEqual(2);
    const moved = before.filter(({ name, member }) => on.get(name) !== member).length;
    expect(cluster.writesSince(mark)).toHaveLength(moved);
  });

  it("then has nothing left to do", async () => {
    const { code, stdout } = await kappa4("rebalance", "dry-run", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: "level", moves: [] });
  });

  it("empties a member for maintenance, and its rules come along", async () => {
    const plan = await kappa4("rebalance", "dry-run", "--json", "--maintenance", "node2");
    const { moves, blocked } = JSON.parse(plan.stdout);
    const onNode2 = (await cluster.containers()).filter(({ member }) => member === "node2");
    expect(moves.filter(({ from }: { from: string }) => from === "node2")).toHaveLength(
      onNode2.length,
    );
    expect(blocked).toEqual([]);
  });

  it("places a new container where it fits best", async () => {
    const { code, stdout } = await kappa4(
      "rebalance",
      "best-node",
      "--memory",
      "64MiB",
      "--cores",
      "1",
      "--json",
    );
    expect(code).toBe(0);
    expect(stdout).toContain("node");
  });
});
