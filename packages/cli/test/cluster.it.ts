import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openLab } from "./support/lab.ts";

const FAST = { timeScale: 300 };

describe("rebalance dry-run", () => {
  test("shows the plan and how to apply it, and changes nothing", async () => {
    const lab = await openLab(FAST);
    const { code, stdout, stderr } = await lab.run(
      "rebalance dry-run --width 120 --balanciness 12 --no-color",
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/moves? would/);
    expect(stdout).toMatch(/kappa4 rebalance apply --balanciness 12$/m);
    expect(lab.writes()).toBe(0);
  });

  test("prints a plan that programs can read", async () => {
    const lab = await openLab(FAST);
    const { code, stdout } = await lab.run("rebalance dry-run --json --detailed-exit-code");
    const plan = JSON.parse(stdout);
    expect(code).toBe(10);
    expect(plan).toMatchObject({ format: "rebalance-plan", version: 1 });
    expect(plan.seconds).toBeGreaterThanOrEqual(0);
    expect(plan.moves[0]).toMatchObject({ guest: expect.anything(), wave: 0, reasons: [{}] });
  });
});

describe("rebalance apply", () => {
  test("moves the guests to where the plan says, then finds nothing left to do", async () => {
    const lab = await openLab(FAST);
    const { code, stdout } = await lab.run("rebalance apply --yes");
    expect(code).toBe(0);
    expect(stdout).toMatch(/started: \d+ to move/);
    expect(stdout).toMatch(/moves done in/);
    expect(lab.simulator.moves.length).toBeGreaterThan(0);
    const again = await lab.run("rebalance dry-run --detailed-exit-code");
    expect(again.code).toBe(0);
    expect(again.stdout).toContain("Nothing to move");
  });

  test("applies exactly the plan of a file, and prints the result as JSON", async () => {
    const lab = await openLab(FAST);
    const { stdout: text } = await lab.run("rebalance dry-run --json --only rules");
    writeFileSync(join(lab.directory, "plan.json"), text);
    const { code, stdout, stderr } = await lab.run("rebalance apply --plan plan.json --yes --json");
    expect(code).toBe(0);
    expect(stderr).toMatch(/done: web-0\d/);
    const { moves, outcome } = JSON.parse(stdout);
    expect(outcome).toBe("succeeded");
    const plan = JSON.parse(text);
    expect(moves).toHaveLength(plan.moves.length);
    for (const { guest, to } of plan.moves) expect(lab.simulator.placements().get(guest)).toBe(to);
  });

  test.each([
    ["balancing: { maxParallel: 1 }", 1],
    ["balancing: { maxParallel: 3, maxInflowPerNode: 3 }\napply: { maxParallel: 2 }", 2],
  ])("%s holds while the plan is applied", async (part, most) => {
    // So slow that two moves meet on a busy machine as well.
    const lab = await openLab({ timeScale: 60, seed: 3 });
    appendFileSync(join(lab.directory, "kappa4.yaml"), `${part}\n`);
    let running = 0;
    let peak = 0;
    await lab.run("rebalance apply --yes --maintenance pve1", {
      onWrite: (text) => {
        if (text.startsWith("running:")) running += 1;
        if (text.startsWith("done:")) running -= 1;
        peak = Math.max(peak, running);
      },
    });
    expect(peak).toBe(most);
  });

  test("says of a node to be emptied whether it is, and ends with 0 only then", async () => {
    const lab = await openLab(FAST);
    const drain = "rebalance apply --yes --maintenance pve3";
    const first = await lab.run(drain);
    expect(first.code).toBe(11);
    const left = "pve3 is not empty: license-server (140) and backup (150) are still on it.";
    expect(first.stdout.trimEnd().endsWith(left)).toBe(true);
    const again = await lab.run(drain);
    expect(again.code).toBe(11);
    expect(again.stdout).toContain(left);
    const { code, stdout } = await lab.run(`${drain} --json`);
    expect(code).toBe(11);
    const { outcome, unreached, before, after, startedAt } = JSON.parse(stdout);
    expect(outcome).toBe("succeeded");
    expect(unreached).toContainEqual(
      expect.objectContaining({ code: "drain-blocked", node: "pve3", guests: [140, 150] }),
    );
    expect(after).toEqual(before);
    expect(new Date(startedAt).toISOString()).toBe(startedAt);
  });

  test("says at once that a plan was applied already", async () => {
    const lab = await openLab(FAST);
    const { stdout: stdin } = await lab.run("rebalance dry-run --json");
    await lab.run("rebalance apply --plan - --yes", { stdin });
    const writes = lab.writes();
    const { code, stdout } = await lab.run("rebalance apply --plan - --yes", { stdin });
    expect(code).toBe(0);
    expect(stdout).toContain("Nothing was moved: every guest is on its target already.");
    expect(stdout).not.toMatch(/started:|done:|Warnings|measured/);
    expect(lab.writes()).toBe(writes);
  });

  test("says of a plan for another cluster, or to a node that is not there, just that", async () => {
    const lab = await openLab(FAST);
    const { stdout: text } = await lab.run("rebalance dry-run --json");
    const plan = JSON.parse(text);
    const apply = (changed: object) =>
      lab.run("rebalance apply --plan - --yes", { stdin: JSON.stringify(changed) });
    const foreign = await apply({ ...plan, cluster: "silver" });
    expect(foreign.code).toBe(4);
    expect(foreign.stderr).toContain("kappa4: this plan is for cluster silver");
    const [first, ...rest] = plan.moves;
    const astray = await apply({ ...plan, moves: [{ ...first, to: "pve9" }, ...rest] });
    expect(astray.stdout).toContain("Nothing was started: there is no node pve9; plan again.");
    expect(astray.stdout).not.toMatch(/not started:|has changed|measured/);
    expect(lab.writes()).toBe(0);
  });

  test("reads the plan from stdin", async () => {
    const lab = await openLab(FAST);
    const { stdout: stdin } = await lab.run("rebalance dry-run --json");
    const { code } = await lab.run("rebalance apply --plan - --yes", { stdin });
    expect(code).toBe(0);
  });

  test("keeps what it moved in a history, and leaves these guests alone", async () => {
    const lab = await openLab(FAST);
    const history = () => JSON.parse(readFileSync(join(lab.directory, "moves.json"), "utf8"));
    const { stdout } = await lab.run("rebalance apply --yes --json --history moves.json");
    const { plan } = JSON.parse(stdout);
    expect(plan.moves.length).toBeGreaterThan(0);
    expect(plan.cooldownMinutes).toBe(60);
    expect(history()).toMatchObject({ format: "rebalance-history", version: 1, plans: 1 });
    expect(history().moves.map(({ guest }: { guest: number }) => guest)).toEqual(
      [...new Set(plan.moves.map(({ guest }: { guest: number }) => guest))].toSorted(),
    );
    await lab.run("rebalance dry-run --history moves.json");
    expect(history().plans).toBe(1);
    await lab.run("rebalance apply --yes --history moves.json");
    expect(history().plans).toBe(2);
    const moved = plan.moves[0];
    const { stdout: said } = await lab.run(
      `rebalance explain ${moved.guest} --history moves.json --json`,
    );
    expect(JSON.parse(said)).toMatchObject({ decision: "stays", code: "cooldown" });
  });

  test("refuses a plan that the cluster has left behind, before any write", async () => {
    const lab = await openLab(FAST);
    const { stdout } = await lab.run("rebalance dry-run --json");
    writeFileSync(join(lab.directory, "plan.json"), stdout);
    const [move] = JSON.parse(stdout).moves;
    lab.simulator.setMaintenance(move.to, true);
    const { code } = await lab.run("rebalance apply --plan plan.json --yes");
    expect(code).toBe(4);
    expect(lab.writes()).toBe(0);
  });

  test("ends with 1 when the cluster cannot be read any more, and says once why", async () => {
    const lab = await openLab(FAST);
    const { stdout: stdin } = await lab.run("rebalance dry-run --json");
    lab.simulator.faults.add({
      kind: "status",
      status: 403,
      on: { method: "GET", path: /cluster\/(resources|status)/ },
      times: 1000,
    });
    const { code, stdout, stderr } = await lab.run("rebalance apply --plan - --yes", { stdin });
    expect(code).toBe(1);
    // Already what is judged before the plan is stored cannot be read.
    expect(stderr.match(/permission/g), stderr).toHaveLength(1);
    expect(stdout).not.toContain("permission");
    expect(lab.writes()).toBe(0);
  });

  test("ends with 3 when a move fails", async () => {
    const lab = await openLab(FAST);
    lab.simulator.faults.add({ kind: "task-fails", text: "migration aborted" });
    const { code, stdout } = await lab.run("rebalance apply --yes");
    expect(code).toBe(3);
    expect(stdout).toContain("migration aborted");
  });

  test("shows the log of a failed move, and has it in the result", async () => {
    const lab = await openLab(FAST);
    const fault = { kind: "task-fails", text: "migration aborted", times: 2 } as const;
    lab.simulator.faults.add(fault);
    const { stdout: text } = await lab.run("rebalance apply --yes --width 200");
    expect(text).toMatch(/read the log of UPID:pve\d:/);
    expect(text).toMatch(/The log of [\w-]+ \(\d+\) ends with:\n\n(.+\n)*.*migration aborted/);
    const { stdout } = await lab.run("rebalance apply --yes --json");
    const { moves } = JSON.parse(stdout);
    const failed = moves.find((status: { state: string }) => status.state === "failed");
    expect(failed.error.log.join("\n")).toContain("migration aborted");
  });

  test("asks, and takes everything but yes for no", async () => {
    const lab = await openLab(FAST);
    for (const stdin of ["n\n", "\n", "yeah\n"]) {
      const { code, stderr, stdout } = await lab.run("rebalance apply", {
        stdin,
        isTerminal: true,
      });
      expect(code).toBe(130);
      expect(stderr).toMatch(/Move \d guests of gold\? \[y\/N\]/);
      expect(stdout).toContain("Nothing was moved.");
    }
    expect(lab.writes()).toBe(0);
    const { code } = await lab.run("rebalance apply", { stdin: "y\n", isTerminal: true });
    expect(code).toBe(0);
    expect(lab.writes()).toBeGreaterThan(0);
  });

  test("takes Ctrl-C at the question for no, and says that nothing was moved", async () => {
    const lab = await openLab(FAST);
    let interrupt = (): void => {};
    const { code, stdout } = await lab.run("rebalance apply", {
      isTerminal: true,
      isSilent: true,
      onListen: (listener) => {
        interrupt = listener;
      },
      onWrite: (text) => {
        if (text.includes("[y/N]")) setImmediate(() => interrupt());
      },
    });
    expect(code).toBe(130);
    expect(stdout).toContain("Nothing was moved.");
    expect(lab.writes()).toBe(0);
  });

  test("names the flag that names a node that is not there", async () => {
    const lab = await openLab(FAST);
    const { code, stderr } = await lab.run("rebalance dry-run --maintenance pve1,PVE33");
    expect(code).toBe(2);
    expect(stderr).toContain(
      '--maintenance: small has no node "PVE33" to empty. Did you mean pve3?',
    );
    const ignored = await lab.run("rebalance dry-run --ignore-node pev1");
    expect(ignored.stderr).toContain('--ignore-node: small has no node "pev1" to leave alone.');
  });

  test("moves nothing where nobody can be asked", async () => {
    const lab = await openLab(FAST);
    const { code, stderr } = await lab.run("rebalance apply");
    expect(code).toBe(2);
    expect(stderr).toContain("--yes: missing; nobody can be asked here");
    expect(lab.simulator.requests).toEqual([]);
  });

  test("asks nobody for what the account may not do", async () => {
    const readOnlyToken = { id: "viewer@pve!ro", secret: "ro-secret" };
    const lab = await openLab({ ...FAST, readOnlyToken });
    const { code, stderr } = await lab.run("rebalance apply", {
      env: { PVE_TOKEN: "viewer@pve!ro=ro-secret" },
      stdin: "y\n",
      isTerminal: true,
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^kappa4: Nothing was moved: the account of gold lacks .*\n {2}VM\.Migrate on /,
    );
    expect(stderr).not.toContain("[y/N]");
    expect(lab.writes()).toBe(0);
  });

  test("goes on with what a process before it has left, and says so", async () => {
    const lab = await openLab({ timeScale: 60 });
    const kappa4 = await lab.open();
    const plan = await kappa4.rebalance.plan();
    await kappa4.rebalance.apply({ plan: plan.id });
    await kappa4.close();
    const { code, stderr } = await lab.run("rebalance apply --yes");
    expect(stderr).toMatch(/Run R-\w{4} was left unfinished; going on with it/);
    expect(stderr).toMatch(/Run R-\w{4} is over: succeeded/);
    expect(code).toBe(0);
    expect(lab.simulator.moves).toHaveLength(plan.content.moves.length);
  });

  test("Ctrl-C starts nothing more and waits for the move under way", async () => {
    // Slow enough that the first move is still under way when the wish to stop has come through the store.
    const lab = await openLab({ timeScale: 10 });
    let interrupt = (): void => {};
    const { code, stdout, stderr } = await lab.run("rebalance apply --yes --max-parallel 1", {
      onListen: (listener) => {
        interrupt = listener;
      },
      onWrite: (text) => {
        if (text.startsWith("running:")) interrupt();
      },
    });
    expect(code).toBe(130);
    expect(stderr).toContain("Stopping: nothing more is started");
    expect(stdout).toMatch(/done: [\w-]+ pve/);
    expect(lab.simulator.moves).toHaveLength(1);
  });

  test("a second Ctrl-C stops waiting and names the guests under way", async () => {
    const lab = await openLab();
    let interrupt = (): void => {};
    const { code, stderr } = await lab.run("rebalance apply --yes --max-parallel 1", {
      onListen: (listener) => {
        interrupt = listener;
      },
      onWrite: (text) => {
        if (!text.startsWith("running:")) return;
        interrupt();
        interrupt();
      },
    });
    expect(code).toBe(130);
    expect(stderr).toMatch(/Stopped waiting.*\n {2}[\w-]+ \(\d+\): pve\d -> pve\d/);
    lab.simulator.advance(600_000);
  });
});
