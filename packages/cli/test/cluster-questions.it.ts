import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openLab } from "./support/lab.ts";

const FAST = { timeScale: 300 };

describe("the other commands", () => {
  test("best-node ranks the nodes for a guest by name, and for a new one", async () => {
    const lab = await openLab(FAST);
    const named = await lab.run("rebalance best-node web-01");
    expect(named).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("Best node for web-01"),
    });
    const fresh = await lab.run("rebalance best-node --memory 4GiB --cores 2 --json");
    expect(JSON.parse(fresh.stdout)[0]).toMatchObject({ fits: true, node: expect.any(String) });
    const huge = await lab.run("rebalance best-node --memory 4TiB --cores 2");
    expect(huge.code).toBe(11);
  });

  test("explain says why one guest moves and why another stays", async () => {
    const lab = await openLab(FAST);
    const all = await lab.run("rebalance explain");
    expect(all.stdout).toContain("split-anti-affinity");
    const stays = await lab.run("rebalance explain backup");
    expect(stays.stdout).toContain("backup (150) stays on pve3");
    const json = await lab.run("rebalance explain 150 --json");
    expect(JSON.parse(json.stdout)).toMatchObject({
      guest: 150,
      decision: "stays",
      code: "ignored",
    });
    expect(lab.writes()).toBe(0);
  });

  test("a snapshot can be planned for without the cluster", async () => {
    const lab = await openLab(FAST);
    const { stdout, stderr } = await lab.run("snapshot");
    expect(stderr).toBe("");
    writeFileSync(join(lab.directory, "cluster.json"), stdout);
    await lab.simulator.close();
    const offline = await lab.run("rebalance dry-run --snapshot cluster.json --detailed-exit-code");
    expect(offline.code).toBe(10);
    expect(readFileSync(join(lab.directory, "cluster.json"), "utf8")).not.toContain("7c1f4a3e");
  });

  test("a quick snapshot costs fewer requests", async () => {
    const lab = await openLab(FAST);
    await lab.run("snapshot --quick");
    const quick = lab.simulator.requests.length;
    await lab.run("snapshot");
    expect(lab.simulator.requests.length - quick).toBeGreaterThan(quick);
  });

  test("doctor is content with enough rights, and names what is missing", async () => {
    const lab = await openLab({
      ...FAST,
      readOnlyToken: { id: "viewer@pve!ro", secret: "ro-secret" },
    });
    const well = await lab.run("doctor");
    expect(well).toMatchObject({ code: 0, stdout: expect.stringContaining("proxmox 9.1") });
    const viewer = await lab.run("doctor --json", {
      env: { PVE_TOKEN: "viewer@pve!ro=ro-secret" },
    });
    expect(viewer.code).toBe(1);
    expect(JSON.parse(viewer.stdout)[0].missing).toMatchObject([{ privilege: "VM.Migrate" }]);
  });

  test("doctor and plans say which node is offline and what is unknown there", async () => {
    const lab = await openLab({ ...FAST, offline: ["pve3"] });
    const { code, stdout } = await lab.run("doctor");
    const sentence = "pve3 is offline, and 3 guests there are unknown.";
    expect(code).toBe(0);
    expect(stdout).toContain(sentence);
    expect((await lab.run("rebalance dry-run")).stdout).toContain(sentence);
    const drain = await lab.run("rebalance dry-run --maintenance pve3 --width 200");
    expect(drain.stdout).toMatch(/pve3 cannot be emptied: it is offline/);
  });

  test("a wrong token is one message that does not show it", async () => {
    const lab = await openLab(FAST);
    const env = { PVE_TOKEN: "viewer@pve!ro=hunter2-c0ffee" };
    const { code, stdout, stderr } = await lab.run("rebalance dry-run", { env });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^kappa4: .*\(auth\)\n$/);
    expect(stderr).not.toContain("hunter2");
    const doctor = await lab.run("doctor", { env });
    expect(doctor.code).toBe(1);
    expect(doctor.stdout).toContain("(auth)");
  });
});

describe("whatif and rules check", () => {
  test("ask the cluster itself, with the disks of its guests, and change nothing", async () => {
    const lab = await openLab(FAST);
    const all = await lab.run("whatif node-fails --json");
    const { nodes } = JSON.parse(all.stdout);
    expect(nodes.map(({ node }: { node: string }) => node)).toEqual(["pve1", "pve2", "pve3"]);
    const drain = await lab.run("whatif drain pve1");
    expect(drain.stdout).toContain("What if pve1 is emptied");
    const wrong = await lab.run("whatif drain pve7");
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain("Did you mean pve");
    const rules = await lab.run("rules check --detailed-exit-code");
    expect(rules.code).toBe(10);
    expect(lab.writes()).toBe(0);
  });
});
