import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { SMALL } from "./support/lab.ts";
import { runCli } from "./support/run-cli.ts";

const FILE = ["--snapshot", fileURLToPath(SMALL)];

function ask(line: string) {
  return runCli([...line.split(" "), ...FILE]);
}

describe("whatif node-fails", () => {
  test("without a node checks all of them, and says who finds no place and why", async () => {
    const { code, stdout } = await ask("whatif node-fails");
    expect(code).toBe(11);
    expect(stdout).toContain("2 nodes are not covered (N+1)");
    expect(stdout).toMatch(/pve3 +license-server +by hand +it is pinned to pve3/);
    const { holds, nodes } = JSON.parse((await ask("whatif node-fails --json")).stdout);
    expect(holds).toBe(false);
    expect(nodes.map(({ node }: { node: string }) => node)).toEqual(["pve1", "pve2", "pve3"]);
  });

  test("ends with 0 where every guest finds a place", async () => {
    const free = JSON.parse(readFileSync(SMALL, "utf8"));
    const guests = free.guests.map((guest: object) => ({ ...guest, tags: [] }));
    const well = await runCli(["whatif", "node-fails", "--snapshot", "-"], {
      stdin: JSON.stringify({ ...free, guests }),
    });
    expect(well.code).toBe(0);
    expect(well.stdout).toContain("every guest that can run elsewhere finds a place");
  });

  test("with a node shows where its guests start and what moves then", async () => {
    const { code, stdout } = await ask("whatif node-fails pve2");
    expect(stdout).toContain("What if pve2 fails · cluster small");
    expect(stdout).toMatch(/web-03 +pve3 +by hand/);
    expect(stdout).toMatch(/pve2 \(out\) +35 % +0 % +0 %/);
    expect(stdout).toContain("3 guests cannot all be apart on 2 nodes");
    expect(code).toBe(11);
  });
});

test("whatif node-added plans with one like another, or one of a size", async () => {
  const like = await ask("whatif node-added pve9 --like pve1");
  expect(like.code).toBe(0);
  expect(like.stdout).toContain("Nothing becomes impossible.");
  expect(like.stdout).toMatch(/pve9 +– +5 % +29 %/);
  const sized = await ask("whatif node-added pve9 --memory 64GiB --cores 16 --json");
  const { plan, snapshot } = JSON.parse(sized.stdout);
  expect(plan.moves.some(({ to }: { to: string }) => to === "pve9")).toBe(true);
  expect(snapshot).toBeUndefined();
});

test("whatif drain shows what leaves and what cannot", async () => {
  const { code, stdout } = await ask("whatif drain pve3");
  expect(code).toBe(11);
  expect(stdout).toContain("What if pve3 is emptied");
  expect(stdout).toContain("license-server has no node to be on: pve3 is in maintenance");
});

test("whatif guest-added names the best node", async () => {
  const { code, stdout } = await ask("whatif guest-added --memory 8GiB --cores 2");
  expect(code).toBe(0);
  expect(stdout).toContain("new-guest goes to pve3: 20 → 32 % memory with it.");
  const huge = await ask("whatif guest-added --memory 8TiB --cores 2");
  expect(huge.code).toBe(11);
  expect(huge.stdout).toContain("No node can take new-guest");
});

test("whatif rule-added takes guests by name", async () => {
  const { code, stdout } = await ask("whatif rule-added --together mail,wiki --json");
  const { plan } = JSON.parse(stdout);
  expect(code).toBe(0);
  expect(
    plan.moves.flatMap(({ reasons }: { reasons: { rule?: string }[] }) => reasons),
  ).toContainEqual(expect.objectContaining({ code: "join-affinity", rule: "together:mail+wiki" }));
  const pinned = await ask("whatif rule-added --pin mail --to pve1 --soft");
  expect(pinned.stdout).toContain("What if rule pin of guest mail is added");
});

test("whatif target plans for it", async () => {
  const { code, stdout } = await ask("whatif target 5");
  expect(code).toBe(0);
  expect(stdout).toContain("48 → 5 points, target 5");
});

describe("rules check", () => {
  test("says which rules hold, and by exit code when asked", async () => {
    const { code, stdout } = await ask("rules check");
    expect(code).toBe(0);
    expect(stdout).toContain("4 rules: 1 broken, 0 that cannot hold.");
    expect((await ask("rules check --detailed-exit-code")).code).toBe(10);
    const drained = await ask("rules check --detailed-exit-code --maintenance pve3");
    expect(drained.code).toBe(11);
    expect(drained.stdout).toContain("license-server has no node to be on");
  });

  test("prints the report as JSON", async () => {
    const { rules, violations, conflicts } = JSON.parse((await ask("rules check --json")).stdout);
    expect(rules).toHaveLength(4);
    expect(violations).toMatchObject([{ rule: "plb_anti_affinity_web", hard: true }]);
    expect(conflicts).toEqual([]);
  });
});

test.each([
  ["whatif drain pve7", 'small has no node "pve7". Did you mean pve1?'],
  ["whatif drain", "NODE: missing; give the node to empty"],
  ["whatif node-added pve1 --like pve2", "has a node pve1 already"],
  ["whatif node-added pve9", "--memory: missing; give --like, or --memory and --cores"],
  ["whatif node-added pve9 --like pve1 --cores 4", "--cores: the new node is like another one"],
  ["whatif guest-added --cores 4", "--memory: missing; a new guest has both"],
  ["whatif guest-added --cores 4 --memory 8", "--memory: must be a size with its unit"],
  ["whatif rule-added", "--together: missing; or give --apart or --pin"],
  ["whatif rule-added --apart mail,nobody", 'small has no guest "nobody"'],
  ["whatif rule-added --apart mail", "--apart: needs two guests or more"],
  ["whatif rule-added --pin mail", "--to: missing; --pin needs the nodes"],
  ["whatif rule-added --apart mail,wiki --to pve1", "--to: belongs to --pin"],
  ["whatif rule-added --apart mail,wiki --pin mail", "--pin: one rule at a time"],
  ["whatif target much", "POINTS: must be a number, above 0 and at most 100"],
])("%s is refused with what is wrong", async (line, message) => {
  const { code, stdout, stderr } = await ask(line);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(message);
});
