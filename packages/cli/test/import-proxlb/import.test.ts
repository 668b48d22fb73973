import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseConfig, readConfig } from "@kappa4/sdk";
import { describe, expect, test } from "vitest";
import { readProxlb } from "../../src/import-proxlb/read-proxlb.ts";
import { translate } from "../../src/import-proxlb/translate.ts";
import type { Translation } from "../../src/import-proxlb/translation.ts";
import { directoryWith } from "../support/files.ts";
import { runCli } from "../support/run-cli.ts";

const FULL = `proxmox_api:
  hosts: ['pve1.example.com', '10.10.10.10:8007', 'fd00::5', 'https://pve4.example']
  user: proxlb@pve
  token_id: balancer
  token_secret: c0ffee-secret
  ssl_verification: False
  timeout: 10
  retries: 1
  wait_time: 1
proxmox_cluster:
  maintenance_nodes: ['']
  maintenance_nodes_schedule:
    duration: 8
    schedules: { pve1: ['Monday, 22:00'] }
  ignore_nodes: [pve3]
  overprovisioning: True
balancing:
  enable: True
  enforce_affinity: True
  parallel: True
  parallel_jobs: 3
  with_local_disks: True
  balance_types: ['vm', 'ct']
  memory_threshold: 75
  cpu_threshold: 60
  balanciness: 5
  method: memory
  mode: used
  cpu_overcommit: 3.0
  max_node_inflow: 2
  node_resource_reserve:
    defaults: { memory: 4 }
    pve1: { memory: 6 }
  psi:
    nodes: { memory: { pressure_full: 0.2 } }
  pools:
    dev: { type: affinity }
    licensed: { pin: [pve2], strict: False }
  ballanciness: 3
service:
  daemon: True
  schedule: { interval: 12, format: hours }
  log_level: INFO
solver: { enable: False }
`;

function translated(text: string): Translation {
  return translate(readProxlb(text, "proxlb.yaml"));
}

test("a full file keeps its meaning", async () => {
  const { connection, balancing } = translated(FULL);
  expect(connection).toEqual({
    kind: "proxmox",
    endpoints: [
      "https://pve1.example.com:8006",
      "https://10.10.10.10:8007",
      "https://[fd00::5]:8006",
      "https://pve4.example",
    ],
    auth: { type: "token", token: "proxlb@pve!balancer=${PROXLB_TOKEN_SECRET}" },
    tls: { verify: "none" },
    timeoutMs: 10_000,
  });
  expect(balancing).toEqual({
    method: "memory",
    mode: "used",
    balanciness: 5,
    threshold: 0.75,
    types: ["vm", "container"],
    limits: { vcpuPerCore: 3 },
    memoryReserveBytes: { defaults: "4 GiB", pve1: "6 GiB" },
    ignoreNodes: ["pve3"],
    pools: { dev: { type: "affinity" }, licensed: { pin: ["pve2"], strict: false } },
    maxParallel: 3,
    maxInflowPerNode: 2,
  });
  await expect(
    parseConfig({ connections: { gold: connection }, balancing }),
  ).resolves.toBeDefined();
});

test("what cannot be carried over is named with what to do instead", () => {
  const { dropped, changed, unknown, variables } = translated(FULL);
  expect(Object.keys(dropped).toSorted()).toEqual([
    "balancing.cpu_threshold",
    "balancing.enable",
    "balancing.enforce_affinity",
    "balancing.psi",
    "balancing.with_local_disks",
    "proxmox_api.retries",
    "proxmox_api.wait_time",
    "proxmox_cluster.maintenance_nodes_schedule",
    "proxmox_cluster.overprovisioning",
    "service.daemon",
    "service.log_level",
    "service.schedule",
    "solver",
  ]);
  expect(Object.keys(changed)).toEqual(["tls", "balancing.threshold", "balancing.limits"]);
  expect(unknown).toEqual(["balancing.ballanciness"]);
  expect(variables).toEqual(["PROXLB_TOKEN_SECRET"]);
});

test("nothing is both carried over and dropped, and nothing is lost", () => {
  const { carried, dropped, unknown } = translated(FULL);
  const told = [...carried, ...Object.keys(dropped), ...unknown];
  expect(new Set(told).size).toBe(told.length);
});

describe("values as they occur in the wild", () => {
  test.each<[string, string, Record<string, unknown>]>([
    [
      "hosts as text with commas",
      "proxmox_api: { hosts: 'a, b' }",
      { endpoints: ["https://a:8006", "https://b:8006"] },
    ],
    ["a host as text", "proxmox_api: { hosts: a }", { endpoints: ["https://a:8006"] }],
    [
      "a verification of 0",
      "proxmox_api: { hosts: a, ssl_verification: 0 }",
      { tls: { verify: "none" } },
    ],
    [
      "a verification of text",
      "proxmox_api: { hosts: a, ssl_verification: 'False' }",
      { tls: { verify: "none" } },
    ],
    [
      "a token id with its user",
      "proxmox_api: { hosts: a, user: x@pve, token_id: y@pve!z, token_secret: s }",
      { auth: { type: "token", token: "y@pve!z=${PROXLB_TOKEN_SECRET}" } },
    ],
    [
      "a password",
      "proxmox_api: { hosts: a, user: root@pam, pass: s }",
      { auth: { type: "password", username: "root@pam", password: "${PROXLB_PASS}" } },
    ],
  ])("%s", (_name, text, expected) => {
    expect(translated(text).connection).toMatchObject(expected);
  });

  test.each<[string, string, Record<string, unknown>]>([
    [
      "no parallel moves unless asked for",
      "balancing: { parallel: False, parallel_jobs: 9 }",
      { maxParallel: 1 },
    ],
    ["parallel moves without a number", "balancing: { parallel: '1' }", { maxParallel: 5 }],
    ["a balanciness of 0", "balancing: { balanciness: 0 }", { balanciness: 1 }],
    ["a balanciness as text", "balancing: { balanciness: '15' }", { balanciness: 15 }],
    [
      "a method in capitals",
      "balancing: { method: CPU, cpu_threshold: 50 }",
      { method: "cpu", threshold: 0.5 },
    ],
    [
      "nodes to empty",
      "proxmox_cluster: { maintenance_nodes: ['', pve2] }",
      { maintenanceNodes: ["pve2"] },
    ],
    [
      "a pool of nothing",
      "balancing: { pools: { a: {}, b: { pin: pve1 } } }",
      { pools: { b: { pin: ["pve1"] } } },
    ],
  ])("%s", (_name, text, expected) => {
    expect(translated(text).balancing).toMatchObject(expected);
  });

  test("no types meant no guests there, and means all here", () => {
    const { balancing, changed } = translated("balancing: { balance_types: [] }");
    expect(balancing).not.toHaveProperty("types");
    expect(changed.balancing).toMatch(/moved nothing without `balance_types`/);
  });

  test("a method that is none is dropped with its reason", () => {
    expect(translated("balancing: { method: ram }").dropped).toMatchObject({
      "balancing.method": '"ram" is none of memory, cpu, disk.',
    });
  });
});

test("the INI form up to 1.0.6", () => {
  const { connection, balancing, dropped, unknown } = translated(`# ProxLB
[proxmox]
api_host: pve1.example.com,pve2.example.com
api_user: root@pam
api_pass: c0ffee-secret
api_ssl_v: 0
[vm_balancing]
enable: 1
method: memory
mode: used
mode_option: bytes
type: vm
balanciness: 10
parallel_migrations: 1
ignore_nodes: dummynode01,dummynode02
ignore_vms: testvm*,105,mail
[storage_balancing]
enable: 0
[service]
daemon: 1
schedule: 24
`);
  expect(connection).toMatchObject({
    endpoints: ["https://pve1.example.com:8006", "https://pve2.example.com:8006"],
    auth: { username: "root@pam", password: "${PROXLB_PASS}" },
    tls: { verify: "none" },
  });
  expect(balancing).toMatchObject({
    method: "memory",
    balanciness: 10,
    types: ["vm"],
    ignoreNodes: ["dummynode01", "dummynode02"],
    ignoreGuests: [105, "mail"],
    maxParallel: 5,
  });
  expect(Object.keys(dropped)).toEqual(
    expect.arrayContaining([
      "vm_balancing.ignore_vms",
      "vm_balancing.mode_option",
      "storage_balancing",
    ]),
  );
  expect(unknown).toEqual([]);
});

describe("remarks on the INI form", () => {
  test.each(["0", "False", "false"])("a verify_ssl of %s", (value) => {
    const { connection, changed, unknown } = translated(
      `[proxmox]\napi_host: a\nverify_ssl: ${value}\n`,
    );
    expect(connection).toMatchObject({ tls: { verify: "none" } });
    expect(changed.tls).toMatch(/did not check certificates/);
    expect(unknown).toEqual([]);
  });

  test("they use the names of the file", () => {
    const { carried, changed, dropped, unknown } = translated(`[proxmox]
api_host: a
verify_ssl: 1
[vm_balancing]
enable: 1
method: ram
[service]
log_verbosity: INFO
logs: 1
`);
    expect(carried).toEqual(expect.arrayContaining(["proxmox.api_host", "proxmox.verify_ssl"]));
    expect(Object.keys(dropped)).toEqual([
      "vm_balancing.method",
      "vm_balancing.enable",
      "service.log_verbosity",
    ]);
    expect(unknown).toEqual(["service.logs"]);
    expect(changed.balancing).toMatch(/^The file has no `type`/);
  });
});

test("rules that were switched off cannot be switched off here", () => {
  const { dropped } = translated("balancing: { enforce_affinity: False, enforce_pinning: True }");
  expect(dropped["balancing.enforce_affinity"]).toMatch(/cannot be switched off here; remove the/);
  expect(dropped["balancing.enforce_pinning"]).toMatch(/repaired in every plan/);
});

describe("what treats guests differently from before", () => {
  test.each<[string, string, string, RegExp]>([
    ["rules that were off", "enforce_affinity: False", "enforce_affinity", /cannot be switched/],
    ["pins that were off", "enforce_pinning: False", "enforce_pinning", /cannot be switched/],
    ["local disks", "with_local_disks: False", "with_local_disks", /disks are copied along/],
    ["a threshold", "memory_threshold: 75", "memory_threshold", /nothing is levelled while/],
    [
      "a reserve of cores",
      "node_resource_reserve: { defaults: { memory: 4, cpu: 1 } }",
      "node_resource_reserve.defaults.cpu",
      /Only memory is kept free/,
    ],
  ])("%s", (_name, setting, path, sentence) => {
    const { alerts } = translated(`balancing: { balance_types: [vm], ${setting} }`);
    expect(Object.keys(alerts)).toEqual([`balancing.${path}`]);
    expect(alerts[`balancing.${path}`]).toMatch(sentence);
  });

  test("in the INI form too, by its own names", () => {
    const { alerts, changed } = translated(
      "[proxmox]\napi_host: a\n[vm_balancing]\ntype: vm\nparallel_migrations: 1\nignore_vms: web*,mail\n",
    );
    expect(alerts).toEqual({
      "vm_balancing.ignore_vms": expect.stringMatching(/web\* may move until/),
      "vm_balancing.parallel_migrations": expect.stringMatching(/Here 5 run at the same time/),
    });
    expect(changed["balancing.maxParallel"]).toMatch(/started all moves/);
  });

  test("is a block of its own on stderr", async () => {
    const { stderr } = await runCli(["import", "-"], {
      stdin: "balancing: { balance_types: [vm], enforce_pinning: False }",
    });
    expect(stderr).toMatch(
      /^Guests will be treated differently .* first apply:\n {2}balancing\.enforce_pinning: It cannot/m,
    );
  });
});

describe("the command", () => {
  test("writes a file that Kappa4 reads, without a secret in it", async () => {
    const cwd = directoryWith({ "proxlb.yaml": FULL });
    const { code, stdout, stderr } = await runCli(["import", "proxlb.yaml", "--name", "gold"], {
      cwd,
    });
    expect({ code, secret: stdout.includes("c0ffee") }).toEqual({ code: 0, secret: false });
    expect(stderr).toContain("Unknown settings: balancing.ballanciness");
    expect(stderr).toContain("Set before use: PROXLB_TOKEN_SECRET");
    const directory = directoryWith({ "kappa4.yaml": stdout });
    const variables = { PROXLB_TOKEN_SECRET: "s" };
    const config = await readConfig(undefined, { directory, variables });
    expect(config.connections.gold?.auth).toEqual({
      type: "token",
      token: "proxlb@pve!balancer=s",
    });
    expect(config.balancing.memoryReserveBytes).toEqual({
      defaults: 4 * 2 ** 30,
      pve1: 6 * 2 ** 30,
    });
  });

  test("--out writes for the owner alone and never over another file", async () => {
    const cwd = directoryWith({ "proxlb.yaml": FULL });
    const words = ["import", "proxlb.yaml", "--out", "kappa4.yaml", "--with-secrets"];
    const { code, stdout } = await runCli(words, { cwd });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    const path = join(cwd, "kappa4.yaml");
    expect(readFileSync(path, "utf8")).toContain("proxlb@pve!balancer=c0ffee-secret");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect((await runCli(words, { cwd })).code).toBe(2);
  });

  test("a secret that looks like a variable survives", async () => {
    const old = "proxmox_api: { hosts: a, user: root@pam, pass: 'pa${ss}word' }";
    const { stdout } = await runCli(["import", "-", "--with-secrets"], { stdin: old });
    const directory = directoryWith({ "kappa4.yaml": stdout });
    const config = await readConfig(undefined, { directory, variables: {} });
    expect(config.connections.proxmox?.auth).toMatchObject({ password: "pa${ss}word" });
  });

  test("the remarks stand in the file", async () => {
    const { stdout } = await runCli(["import", "-"], { stdin: FULL });
    expect(stdout).toMatch(/# ProxLB did not check certificates[^\n]*\n(\s*#[^\n]*\n)*\s+tls:/);
    expect(stdout).toMatch(
      /# ProxLB levelled below its threshold[^\n]*\n(\s*#[^\n]*\n)*\s+threshold: 0\.75/,
    );
    expect(stdout).toContain("# Translated from stdin of ProxLB");
  });
});
