import { ConfigInvalidError, type Issue } from "@kappa4/connectors";
import { describe, expect, test } from "vitest";
import { type Kappa4Config, parseConfig } from "../../src/config/index.ts";
import { sampleConnectors } from "./sample-connectors.ts";

const gold = { kind: "sample", hosts: ["pve1"], auth: { token: "a@pve!b=c" } };

function parse(value: unknown): Promise<Kappa4Config> {
  return parseConfig(value, { connectors: sampleConnectors });
}

async function issuesOf(value: unknown): Promise<readonly Issue[]> {
  const error = await parse(value).then(
    () => expect.unreachable("the configuration was accepted"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConfigInvalidError)) throw error;
  return error.issues;
}

test("a small configuration is enough, and its options stay as they were written", async () => {
  const config = await parse({ connections: { gold } });
  expect(config).toEqual({ connections: { gold }, balancing: {}, apply: {}, store: {} });
});

test("every part is read", async () => {
  const config = await parse({
    connections: { gold: { ...gold, balancing: { balanciness: 5 } } },
    balancing: {
      method: "cpu",
      types: ["vm"],
      limits: { memoryUsed: 0.9, vcpuPerCore: null },
      memoryReserveBytes: { defaults: "4 GiB", pve1: 2 ** 30, pve2: "1.5 GB" },
      pools: { web: { type: "anti-affinity", pin: ["pve1"], strict: false } },
      rules: [{ kind: "together", id: "db", guests: [100, "c1"] }],
    },
    apply: { maxParallel: 2, onFailure: "continue" },
    slack: { anything: true },
  });
  expect(config.connections.gold?.balancing).toEqual({ balanciness: 5 });
  expect(config.balancing.memoryReserveBytes).toEqual({
    defaults: 4 * 2 ** 30,
    pve1: 2 ** 30,
    pve2: 1.5e9,
  });
  expect(config.balancing.rules).toEqual([
    { kind: "together", id: "db", guests: [100, "c1"], hard: true, source: "config" },
  ]);
  expect(config.slack).toEqual({ anything: true });
});

describe("each problem has a path, says what is wrong and what would be right", () => {
  test.each<[string, unknown, string, string | RegExp]>([
    ["not a map", [], "", "must be a map of keys and values, not an empty list"],
    ["no connections", {}, "connections", "missing; give a map of keys and values"],
    ["empty connections", { connections: {} }, "connections", "name at least one connection"],
    [
      "a connection that is called as Kappa4 itself",
      { connections: { kappa4: gold } },
      "connections.kappa4",
      "kappa4 is what Kappa4 calls itself in plans and runs; choose another name",
    ],
    [
      "a connection that a cluster without a name of its own would be called after",
      { connections: { "Kappa4 itself": gold } },
      "connections.Kappa4 itself",
      "a name is letters, digits, dots, dashes and underscores, at most 63",
    ],
    [
      "a typo",
      { connections: { gold }, balancin: {} },
      "balancin",
      "unknown key; did you mean balancing?",
    ],
    [
      "a foreign key",
      { connections: { gold }, service: {} },
      "service",
      "unknown key; known here are $schema, apply, approvals, audit, balancing, connections, people, slack, store",
    ],
    [
      "a kind that is not there",
      { connections: { gold: { ...gold, kind: "sampel" } } },
      "connections.gold.kind",
      "no such kind; known are sample, other; did you mean sample?",
    ],
    [
      "no kind",
      { connections: { gold: { hosts: [] } } },
      "connections.gold.kind",
      "missing; give text",
    ],
    [
      "a name with a space",
      { connections: { "my gold": gold } },
      "connections.my gold",
      /not a valid name: a name is letters/,
    ],
    [
      "a typo in a connector's option",
      { connections: { gold: { ...gold, hsots: [] } } },
      "connections.gold.hsots",
      "unknown key; did you mean hosts?",
    ],
    [
      "a connector's option missing",
      { connections: { gold: { kind: "sample", auth: gold.auth } } },
      "connections.gold.hosts",
      "missing; give a list",
    ],
    [
      "an empty list",
      { connections: { gold: { ...gold, hosts: [] } } },
      "connections.gold.hosts",
      "must be a list of at least 1, not an empty list",
    ],
    [
      "a choice that is none",
      { connections: { gold }, balancing: { method: "memry" } },
      "balancing.method",
      'must be one of memory, cpu or disk, not "memry"',
    ],
    [
      "a number as text",
      { connections: { gold }, balancing: { balanciness: "10" } },
      "balancing.balanciness",
      'must be a number, not "10"',
    ],
    [
      "too small",
      { connections: { gold }, balancing: { balanciness: 0 } },
      "balancing.balanciness",
      "must be above 0, not 0",
    ],
    [
      "too large",
      { connections: { gold }, balancing: { threshold: 80 } },
      "balancing.threshold",
      "must be at most 1, not 80",
    ],
    [
      "a threshold for what is no resource",
      { connections: { gold }, balancing: { thresholds: { memry: 0.8 } } },
      "balancing.thresholds.memry",
      "did you mean memory",
    ],
    [
      "a target of nothing",
      { connections: { gold }, balancing: { targets: { cpu: 0 } } },
      "balancing.targets.cpu",
      "must be above 0, not 0",
    ],
    [
      "no minutes",
      { connections: { gold }, balancing: { maxMinutes: 0 } },
      "balancing.maxMinutes",
      "must be above 0, not 0",
    ],
    [
      "a history in a file that is read once",
      { connections: { gold }, balancing: { history: {} } },
      "balancing.history",
      "unknown key",
    ],
    [
      "a limit in percent",
      { connections: { gold }, balancing: { limits: { memoryUsed: 95 } } },
      "balancing.limits.memoryUsed",
      "must be at most 1, not 95",
    ],
    [
      "configured memory in percent",
      { connections: { gold }, balancing: { limits: { memoryAssigned: 150 } } },
      "balancing.limits.memoryAssigned",
      "must be at most 10, not 150",
    ],
    [
      "a size without its unit",
      { connections: { gold }, balancing: { memoryReserveBytes: { defaults: 4 } } },
      "balancing.memoryReserveBytes.defaults",
      "is 4 bytes; write the unit, as in `4 GiB`",
    ],
    [
      "half a move",
      { connections: { gold }, balancing: { maxMoves: 1.5 } },
      "balancing.maxMoves",
      "must be a whole number, not 1.5",
    ],
    [
      "a size in words",
      { connections: { gold }, balancing: { memoryReserveBytes: { pve1: "4 gigs" } } },
      "balancing.memoryReserveBytes.pve1",
      /must be a size such as `4 GiB`/,
    ],
    [
      "a rule of no kind",
      { connections: { gold }, balancing: { rules: [{ kind: "near", id: "x", guests: [1] }] } },
      "balancing.rules.0.kind",
      'must be one of together, apart, pin or ignore, not "near"',
    ],
    [
      "a rule's typo",
      {
        connections: { gold },
        balancing: { rules: [{ kind: "pin", id: "x", guests: [1], node: ["a"], nodes: ["a"] }] },
      },
      "balancing.rules.0.node",
      "unknown key; did you mean nodes?",
    ],
    [
      "a typo in a connection's balancing",
      { connections: { gold: { ...gold, balancing: { balancines: 3 } } } },
      "connections.gold.balancing.balancines",
      "unknown key; did you mean balanciness?",
    ],
    [
      "an empty value",
      { connections: { gold: { ...gold, ca: null } } },
      "connections.gold.ca",
      "must be text, not empty",
    ],
    [
      "half a login",
      { connections: { gold: { ...gold, auth: { user: "root@pam" } } } },
      "connections.gold.auth.password",
      "missing; give text",
    ],
  ])("%s", async (_name, value, path, message) => {
    const [issue, ...others] = await issuesOf(value);
    expect(others).toEqual([]);
    expect(issue?.path).toBe(path);
    expect(issue?.message).toMatch(message);
  });
});

test("all problems come together, and the message shows each", async () => {
  const value = { connections: { gold: { kind: "sample" } }, aply: {}, balancing: { mode: "psy" } };
  await expect(parse(value)).rejects.toMatchObject({
    code: "config_invalid",
    message: [
      "the configuration has 4 problems:",
      'balancing.mode: must be one of used, assigned or psi, not "psy"',
      "aply: unknown key; did you mean apply?",
      "connections.gold.hosts: missing; give a list",
      "connections.gold.auth: missing; give a map of keys and values",
    ].join("\n  "),
  });
});

test("a kind with a typing error hides no other problem, and a misspelt key is not missing too", async () => {
  const { hosts, ...rest } = gold;
  const issues = await issuesOf({
    connections: { gold: { ...rest, kind: "sampel", host: hosts } },
  });
  expect(issues.map(({ path }) => path)).toEqual([
    "connections.gold.kind",
    "connections.gold.host",
  ]);
  expect(issues[1]?.message).toBe("unknown key; did you mean hosts?");
});

test("no message ever shows the value of a connector's option", async () => {
  const secret = "s3cret-value";
  const values = [
    { ...gold, hosts: secret },
    { ...gold, port: secret },
    { ...gold, auth: { token: secret } },
    { ...gold, auth: secret },
    { ...gold, auth: { user: "root@pam", password: [secret] } },
  ];
  for (const value of values) {
    const issues = await issuesOf({ connections: { gold: value } });
    expect(issues.length).toBeGreaterThan(0);
    expect(JSON.stringify(issues)).not.toContain(secret);
  }
});
