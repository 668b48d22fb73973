import { readFileSync } from "node:fs";

/** A command line that cannot work, and what its message must hold. */
export interface BadInput {
  readonly name: string;
  /** The command line, separated by blanks. */
  readonly words: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Each must be in the message: the path, what is wrong, what to do. */
  readonly says: readonly (string | RegExp)[];
  /** Number of problems. Default 1. */
  readonly problems?: number;
}

/** Stands for everything that must never be shown; each file that could leak one holds it. */
export const SECRET = "hunter2-c0ffee";

const TOKEN = `automation@pve!kappa4=${SECRET}`;
const GOOD = `connections:
  gold:
    kind: proxmox
    endpoints: [https://pve1.example:8006]
    auth: { type: token, token: "${TOKEN}" }
`;
const small = readFileSync(
  new URL("../../../examples/snapshots/small.json", import.meta.url),
  "utf8",
);

function config(text: string): Readonly<Record<string, string>> {
  return { "kappa4.yaml": text };
}

/** The good configuration with one piece replaced. */
function broken(piece: string, by: string): Readonly<Record<string, string>> {
  if (!GOOD.includes(piece)) throw new Error(`The good configuration does not hold ${piece}.`);
  return config(GOOD.replace(piece, by));
}

function snapshot(
  change: (value: Record<string, unknown>) => void,
): Readonly<Record<string, string>> {
  const value: Record<string, unknown> = JSON.parse(small);
  change(value);
  return { "s.json": JSON.stringify(value) };
}

/** Sets the value at a dotted path. */
function set(path: string, to: unknown): (value: Record<string, unknown>) => void {
  return (value) => {
    const keys = path.split(".");
    const last = keys.pop() ?? "";
    const owner = keys.reduce<Record<string, unknown>>(
      (inner, key) => inner[key] as Record<string, unknown>,
      value,
    );
    owner[last] = to;
  };
}

const DRY = "rebalance dry-run";
const FILE = `${DRY} --snapshot s.json`;

const configurations: readonly BadInput[] = [
  {
    name: "no configuration at all",
    words: DRY,
    says: ["No configuration in", "write kappa4.yaml there", "--config"],
  },
  {
    name: "a named file that is not there",
    words: `${DRY} --config gold.yaml`,
    says: ["gold.yaml: does not exist; check --config"],
  },
  {
    name: "KAPPA4_CONFIG of a file that is not there",
    words: DRY,
    env: { KAPPA4_CONFIG: "x.yaml" },
    says: ["x.yaml: does not exist"],
  },
  {
    name: "a folder as configuration",
    words: `${DRY} --config .`,
    says: ["is a folder, not a file"],
  },
  {
    name: "two configurations",
    words: DRY,
    files: { "kappa4.yaml": GOOD, "kappa4.json": "{}" },
    says: ["kappa4.yaml and kappa4.json; keep one"],
  },
  {
    name: "an empty file",
    words: DRY,
    files: config(""),
    says: ["kappa4.yaml: is empty; kappa4.yaml needs `connections`"],
  },
  { name: "only comments", words: DRY, files: config("# later\n"), says: ["is empty"] },
  {
    name: "a list",
    words: DRY,
    files: config("- gold\n"),
    says: ["kappa4.yaml:1:1: must be a map of keys and values, not a list"],
  },
  {
    name: "a word",
    words: DRY,
    files: config(SECRET),
    says: ["must be a map of keys and values, not this text"],
  },
  {
    name: "tabs",
    words: DRY,
    files: config("connections:\n\tgold: 1\n"),
    says: ["kappa4.yaml:2:1: a tab indents this line; use spaces"],
  },
  {
    name: "a key given twice",
    words: DRY,
    files: config(`${GOOD}connections: {}\n`),
    says: ["kappa4.yaml:6:1: this key is given twice; keep one"],
  },
  {
    name: "an open quote",
    words: DRY,
    files: broken(`"${TOKEN}" }`, `"${TOKEN} }`),
    says: [/kappa4\.yaml:\d+:\d+: a quote, bracket or colon is missing/],
  },
  {
    name: "an open bracket",
    words: DRY,
    files: broken(":8006]", ":8006"),
    says: [/kappa4\.yaml:\d+:\d+: the indentation does not fit, or a bracket is not closed/],
  },
  {
    name: "a secret that YAML takes for an alias",
    words: DRY,
    files: broken(`"${TOKEN}"`, `*${SECRET}`),
    says: ["kappa4.yaml:5:33: ", "begins with * must stand in quotes"],
  },
  {
    name: "a secret that YAML takes for a tag",
    words: DRY,
    files: broken(`"${TOKEN}"`, `!${SECRET} x`),
    says: ["kappa4.yaml:5:33: a value that begins with ! must stand in quotes"],
  },
  {
    name: "a secret that begins with @",
    words: DRY,
    files: broken(`"${TOKEN}"`, `@${SECRET}`),
    says: ["kappa4.yaml:5:33: a value that begins with @"],
  },
  {
    name: "wrong indentation",
    words: DRY,
    files: config("connections:\n  gold:\n    kind: proxmox\n   endpoints: []\n"),
    says: [/kappa4\.yaml:4:\d+: the indentation does not fit/],
  },
  {
    name: "two documents",
    words: DRY,
    files: config(`${GOOD}---\n${GOOD}`),
    says: ["kappa4.yaml:6:1: a second document begins here"],
  },
  {
    name: "broken JSON",
    words: DRY,
    files: { "kappa4.json": '{"connections": {' },
    says: [/kappa4\.json:1:\d+: /],
  },
  {
    name: "a module that throws",
    words: `${DRY} --config a.config.mjs`,
    files: { "a.config.mjs": "throw new Error('no');" },
    says: ["a.config.mjs: could not be loaded: no"],
  },
  {
    name: "a module that exports nothing",
    words: `${DRY} --config a.config.mjs`,
    files: { "a.config.mjs": "export const a = 1;" },
    says: ["has no default export; write `export default defineConfig"],
  },
  {
    name: "no connections",
    words: DRY,
    files: config("balancing: { method: cpu }\n"),
    says: ["kappa4.yaml:1:1: connections: missing"],
  },
  {
    name: "empty connections",
    words: DRY,
    files: config("connections: {}\n"),
    says: ["connections: name at least one connection"],
  },
  {
    name: "a typo at the top",
    words: DRY,
    files: config(`${GOOD}balancin: {}\n`),
    says: ["kappa4.yaml:6:1: balancin: unknown key; did you mean balancing?"],
  },
  {
    name: "a ProxLB file",
    words: DRY,
    files: config("proxmox_api: { hosts: [a] }\n"),
    problems: 2,
    says: ["proxmox_api: unknown key", "connections: missing"],
  },
  {
    name: "a connection name with a blank",
    words: DRY,
    files: broken("gold:", "my gold:"),
    says: ["connections.my gold: not a valid name"],
  },
  {
    name: "no kind",
    words: DRY,
    files: broken("    kind: proxmox\n", ""),
    says: ["kappa4.yaml:2:3: connections.gold.kind: missing"],
  },
  {
    name: "an unknown kind",
    words: DRY,
    files: broken("kind: proxmox", "kind: proxmx"),
    says: [
      "kappa4.yaml:3:5: connections.gold.kind: no such kind; known are lxd, proxmox; did you mean proxmox?",
    ],
  },
  {
    name: "no endpoints",
    words: DRY,
    files: broken("    endpoints: [https://pve1.example:8006]\n", ""),
    says: ["connections.gold.endpoints: missing; give a list"],
  },
  {
    name: "an endpoint without https",
    words: DRY,
    files: broken("https://pve1", "http://pve1"),
    says: ["connections.gold.endpoints.0: must be a URL like https://"],
  },
  {
    name: "an endpoint with credentials",
    words: DRY,
    files: broken("https://pve1", `https://root:${SECRET}@pve1`),
    says: ["connections.gold.endpoints.0: must hold nothing but the address"],
  },
  {
    name: "no login",
    words: DRY,
    files: broken(`    auth: { type: token, token: "${TOKEN}" }\n`, ""),
    says: ["connections.gold.auth: missing; give"],
  },
  {
    name: "an unknown way to log in",
    words: DRY,
    files: broken("type: token", "type: tokn"),
    says: ["connections.gold.auth.type: must be one of token or password"],
  },
  {
    name: "a token of the wrong form",
    words: DRY,
    files: broken(TOKEN, SECRET),
    says: ["kappa4.yaml:5:26: connections.gold.auth.token: must look like USER@REALM!NAME=SECRET"],
  },
  {
    name: "a token with a blank in it",
    words: DRY,
    files: broken(TOKEN, `${TOKEN} `),
    says: ["connections.gold.auth.token: holds a blank"],
  },
  {
    name: "a user without realm",
    words: DRY,
    files: broken(
      `type: token, token: "${TOKEN}"`,
      `type: password, username: root, password: ${SECRET}`,
    ),
    says: ["connections.gold.auth.username: must name its realm, for example root@pam"],
  },
  {
    name: "a password that is a number",
    words: DRY,
    files: broken(
      `type: token, token: "${TOKEN}"`,
      "type: password, username: root@pam, password: 12345678",
    ),
    says: ["connections.gold.auth.password: must be text"],
  },
  {
    name: "a typo in an option",
    words: DRY,
    files: broken("endpoints:", "endpoint:"),
    problems: 2,
    says: [
      "connections.gold.endpoint: unknown key; did you mean endpoints?",
      "connections.gold.endpoints: missing",
    ],
  },
  {
    name: "a fingerprint that is too short",
    words: DRY,
    files: config(`${GOOD}    tls: { verify: pin, sha256: "AA:BB" }\n`),
    says: ["connections.gold.tls.sha256: must be a SHA-256 fingerprint: 64 hex digits"],
  },
  {
    name: "a variable that is not set",
    words: DRY,
    files: broken(TOKEN, "${PVE_TOKEN}"),
    says: [
      "kappa4.yaml:5:26: connections.gold.auth.token: the environment variable PVE_TOKEN is not set; set it",
    ],
  },
  {
    name: "a variable with a message",
    words: DRY,
    files: broken(TOKEN, "${PVE_TOKEN:?ask the operators}"),
    says: ["PVE_TOKEN is not set: ask the operators"],
  },
  {
    name: "a variable of the wrong form",
    words: DRY,
    files: broken(TOKEN, "${PVE_TOKEN"),
    says: ["connections.gold.auth.token: a variable opens with ${ and never closes"],
  },
  {
    name: "a wrong token in a variable",
    words: DRY,
    files: broken(TOKEN, "${PVE_TOKEN}"),
    env: { PVE_TOKEN: SECRET },
    says: ["connections.gold.auth.token: must look like"],
  },
  {
    name: "a token file that is not there",
    words: DRY,
    files: broken(`token: "${TOKEN}"`, "tokenFile: t.txt"),
    says: [
      "kappa4.yaml:5:26: connections.gold.auth.tokenFile: t.txt does not exist; paths are relative to the configuration file",
    ],
  },
  {
    name: "an empty token file",
    words: DRY,
    files: { ...broken(`token: "${TOKEN}"`, "tokenFile: t.txt"), "t.txt": "\n" },
    says: ["connections.gold.auth.tokenFile: t.txt is empty"],
  },
  {
    name: "a token and a token file",
    words: DRY,
    files: { ...broken(`token: "${TOKEN}"`, `token: "${TOKEN}", tokenFile: t.txt`), "t.txt": "x" },
    says: ["give token or tokenFile, not both"],
  },
  {
    name: "a method that is none",
    words: DRY,
    files: config(`${GOOD}balancing: { method: ram }\n`),
    says: ['balancing.method: must be one of memory, cpu or disk, not "ram"'],
  },
  {
    name: "a balanciness of zero",
    words: DRY,
    files: config(`${GOOD}balancing: { balanciness: 0 }\n`),
    says: ["balancing.balanciness: must be above 0, not 0"],
  },
  {
    name: "a threshold in percent",
    words: DRY,
    files: config(`${GOOD}balancing: { threshold: 80 }\n`),
    says: ["balancing.threshold: must be at most 1, not 80"],
  },
  {
    name: "a size without a unit that exists",
    words: DRY,
    files: config(`${GOOD}balancing: { memoryReserveBytes: { pve1: 4 gigs } }\n`),
    says: ["balancing.memoryReserveBytes.pve1: must be a size such as `4 GiB`"],
  },
  {
    name: "a rule without guests",
    words: DRY,
    files: config(`${GOOD}balancing: { rules: [{ kind: apart, id: x, guests: [] }] }\n`),
    says: ["balancing.rules.0.guests: must be a list of at least 1, not an empty list"],
  },
  {
    name: "no moves at a time",
    words: DRY,
    files: config(`${GOOD}apply: { maxParallel: 0 }\n`),
    says: ["apply.maxParallel: must be at least 1, not 0"],
  },
  {
    name: "three problems at once",
    words: DRY,
    files: config(`${GOOD}apply: { onFailure: retry }\nservice: {}\nbalancing: { mode: x }\n`),
    problems: 3,
    says: [
      "kappa4.yaml has 3 problems:",
      "apply.onFailure: must be one of stop or continue",
      "service: unknown key",
      "balancing.mode: must be one of used, assigned or psi",
    ],
  },
  {
    name: "the bot without a Slack part",
    words: "start",
    files: config(GOOD),
    says: ["kappa4.yaml:1:1: slack: missing"],
  },
  {
    name: "a Slack token of the wrong sort",
    words: "start",
    files: config(`${GOOD}slack: { mode: socket, botToken: ${SECRET}, appToken: xapp-1 }\n`),
    says: ["slack.botToken: must be the bot token of the app, which starts with xoxb-"],
  },
];

const flags: readonly BadInput[] = [
  {
    name: "an unknown command",
    words: "rebalnce dryrun",
    says: ["rebalnce dryrun: no such command; did you mean rebalance dry-run?"],
  },
  {
    name: "half a command",
    words: "rebalance",
    says: ["rebalance needs one of dry-run, apply, best-node, explain"],
  },
  {
    name: "a flag instead of a command",
    words: "--snapshot s.json",
    says: ["no such command; see kappa4 help"],
  },
  {
    name: "a typo in a flag",
    words: `${DRY} --balancines 5`,
    says: ["--balancines: unknown flag; did you mean --balanciness?"],
  },
  {
    name: "a flag of another command",
    words: `${DRY} --yes`,
    says: ["--yes: unknown flag; see kappa4 help rebalance dry-run"],
  },
  {
    name: "a flag without its value",
    words: `${DRY} --balanciness --json`,
    says: ["--balanciness: needs a value: POINTS"],
  },
  {
    name: "a flag at the end without its value",
    words: `${DRY} --method`,
    says: ["--method: needs a value: memory|cpu|disk"],
  },
  { name: "an empty value", words: `${DRY} --config=`, says: ["--config: needs a value: FILE"] },
  { name: "a switch with a value", words: `${DRY} --json=yes`, says: ["--json: takes no value"] },
  {
    name: "a flag twice",
    words: `${DRY} --method cpu --method disk`,
    says: ["--method: given twice; give it once"],
  },
  {
    name: "a method that is none",
    words: `${DRY} --method ram`,
    says: ['--method: must be memory or cpu or disk, not "ram"'],
  },
  {
    name: "a word as number",
    words: `${DRY} --balanciness ten`,
    says: ['--balanciness: must be a number, above 0 and at most 100, not "ten"'],
  },
  {
    name: "a number that is too large",
    words: `${DRY} --balanciness 500`,
    says: ["--balanciness: must be a number, above 0 and at most 100"],
  },
  {
    name: "half a move",
    words: `${DRY} --max-moves 1.5`,
    says: ["--max-moves: must be a whole number, at least 0"],
  },
  {
    name: "no moves at a time",
    words: `${DRY} --max-parallel 0`,
    says: ["--max-parallel: must be a whole number, at least 1"],
  },
  {
    name: "a comma too many",
    words: `${DRY} --maintenance pve1,,pve2`,
    says: ["--maintenance: holds an empty name; remove the comma"],
  },
  {
    name: "only something else",
    words: `${DRY} --only drains`,
    says: ['--only: must be rules, not "drains"'],
  },
  {
    name: "a width in words",
    words: `${DRY} --width wide`,
    says: ["--width: must be a whole number"],
  },
  {
    name: "one word too many",
    words: `${DRY} gold`,
    says: ["gold: one word too many; see kappa4 help rebalance dry-run"],
  },
  {
    name: "three wrong flags at once",
    words: `${DRY} --method x --mode y --balanciness z`,
    problems: 3,
    says: ["kappa4 rebalance dry-run has 3 problems:", "--method", "--mode", "--balanciness"],
  },
  {
    name: "apply to a file",
    words: "rebalance apply --snapshot s.json",
    files: { "s.json": small },
    says: ["--snapshot: a file is not a cluster; nothing can be moved in it"],
  },
  {
    name: "a plan and an aim",
    words: "rebalance apply --plan p.json --method cpu",
    says: ["--method: aims a new plan, and --plan gives one; leave one out"],
  },
  {
    name: "a connection that is not there",
    words: `${DRY} --connection silver`,
    files: config(GOOD),
    says: ['--connection: there is no connection "silver"; the configuration has gold'],
  },
  {
    name: "several connections and none named",
    words: DRY,
    files: config(`${GOOD}${GOOD.replace("connections:\n", "").replace("gold", "blue")}`),
    says: ["--connection: missing; the configuration has gold, blue"],
  },
  {
    name: "a new guest without size",
    words: "rebalance best-node --snapshot s.json",
    files: { "s.json": small },
    problems: 2,
    says: ["--memory: missing; name a guest, or give --memory and --cores", "--cores: missing"],
  },
  {
    name: "a size that is none",
    words: "rebalance best-node --memory lots --cores 2",
    says: ['--memory: must be a size such as 8GiB, not "lots"'],
  },
  {
    name: "a guest and a new one",
    words: "rebalance best-node 101 --memory 8G",
    says: ["--memory: describes a new guest, and 101 is there already"],
  },
  {
    name: "a guest that is not there",
    words: "rebalance explain web-09 --snapshot s.json",
    files: { "s.json": small },
    says: ['small has no guest "web-09"; did you mean web-01?'],
  },
  {
    name: "a node to empty that is not there",
    words: `${FILE} --maintenance pve22,pve1`,
    files: { "s.json": small },
    says: ['--maintenance: there is no node "pve22"; did you mean pve2?'],
  },
  {
    name: "a node to ignore that is not there",
    words: "rebalance best-node 101 --snapshot s.json --ignore-node gold",
    files: { "s.json": small },
    says: ['--ignore-node: there is no node "gold"; there are pve1, pve2, pve3'],
  },
  {
    name: "nothing to import",
    words: "import",
    says: ["FILE: missing; give the path of a ProxLB configuration"],
  },
  {
    name: "a file to import that is not there",
    words: "import p.yaml",
    says: ["FILE: p.yaml does not exist; check the path"],
  },
  {
    name: "a file to import that is ours",
    words: "import kappa4.yaml",
    files: config(GOOD),
    says: ["kappa4.yaml: is a configuration of Kappa4 already"],
  },
  {
    name: "a file to import that is something else",
    words: "import -",
    stdin: "a: 1",
    says: ["holds none of the sections of ProxLB"],
  },
  {
    name: "an output that exists",
    words: "import p.yaml --out kappa4.yaml",
    files: { ...config(GOOD), "p.yaml": "proxmox_api: { hosts: [a] }" },
    says: ["--out: kappa4.yaml exists already; remove it or name another"],
  },
  {
    name: "a Slack address without https",
    words: "slack manifest --url http://a.example",
    says: ["--url: must be an https address"],
  },
];

const files: readonly BadInput[] = [
  {
    name: "a snapshot that is not there",
    words: FILE,
    says: ["--snapshot: s.json does not exist; check the path"],
  },
  {
    name: "a folder as snapshot",
    words: `${DRY} --snapshot .`,
    says: ["--snapshot: . is a folder, not a file"],
  },
  {
    name: "an empty snapshot",
    words: FILE,
    files: { "s.json": "" },
    says: ["s.json: is empty; write one with `kappa4 snapshot > cluster.json`"],
  },
  { name: "nothing on stdin", words: `${DRY} --snapshot -`, stdin: "", says: ["is empty"] },
  {
    name: "YAML as snapshot",
    words: FILE,
    files: { "s.json": "format: cluster-snapshot" },
    says: ["is not JSON; write one with"],
  },
  {
    name: "a snapshot that is cut off",
    words: FILE,
    files: { "s.json": small.slice(0, 2000) },
    says: ["ends in the middle; the file is cut off"],
  },
  {
    name: "a stray comma",
    words: FILE,
    files: { "s.json": '{\n "format": 1,\n}' },
    says: ["s.json:3:1: is not JSON"],
  },
  { name: "binary", words: FILE, files: { "s.json": "\u0000\u0001PK" }, says: ["is not JSON"] },
  {
    name: "a list",
    words: FILE,
    files: { "s.json": "[]" },
    says: ['format: is not a cluster snapshot: "format" must be "cluster-snapshot"'],
  },
  {
    name: "another version",
    words: FILE,
    files: snapshot(set("version", 9)),
    says: ["version: must be 1"],
  },
  {
    name: "a plan as snapshot",
    words: FILE,
    files: { "s.json": '{"format":"rebalance-plan","version":1}' },
    says: ["is a plan, not a cluster snapshot; give it to apply with --plan"],
  },
  {
    name: "no nodes",
    words: FILE,
    files: snapshot(set("nodes", [])),
    says: ["nodes: must be a list of at least 1"],
  },
  {
    name: "memory as text",
    words: FILE,
    files: snapshot(set("guests.0.memory.used", "6 GB")),
    says: ['guests.0.memory.used: must be a number, not "6 GB"'],
  },
  {
    name: "negative memory",
    words: FILE,
    files: snapshot(set("nodes.1.memory.used", -1)),
    says: ["nodes.1.memory.used: must be at least 0, not -1"],
  },
  {
    name: "a number beyond all numbers",
    words: FILE,
    files: { "s.json": small.replace('"cores": 16', '"cores": 1e999') },
    says: ["nodes.0.cpu.cores: must be a number"],
  },
  {
    name: "no load",
    words: FILE,
    files: snapshot(set("guests.2.cpu", undefined)),
    says: ["guests.2.cpu: missing; give a map"],
  },
  {
    name: "a guest on a node that is not there",
    words: FILE,
    files: snapshot(set("guests.3.node", "pve9")),
    says: ["guests.3.node: there is no node pve9; add it to nodes"],
  },
  {
    name: "an id twice",
    words: FILE,
    files: snapshot(set("guests.1.id", 101)),
    says: ["guests.1.id: 101 is already the id of guests.0"],
  },
  {
    name: "a node twice",
    words: FILE,
    files: snapshot(set("nodes.1.name", "pve1")),
    problems: 5,
    says: ["nodes.1.name: a second node named pve1"],
  },
  {
    name: "an unknown status",
    words: FILE,
    files: snapshot(set("guests.0.status", "asleep")),
    says: ['guests.0.status: must be one of running, stopped, paused or unknown, not "asleep"'],
  },
  {
    name: "a rule of no kind",
    words: FILE,
    files: snapshot(set("rules", [{ id: "x", kind: "near", guests: [101] }])),
    says: ["rules.0.kind: must be one of together, apart, pin or ignore"],
  },
  {
    name: "a plan that is not there",
    words: "rebalance apply --plan p.json",
    says: ["--plan: p.json does not exist"],
  },
  {
    name: "a snapshot as plan",
    words: "rebalance apply --plan p.json",
    files: { "p.json": small },
    says: ["is a cluster snapshot, not a plan; give it with --snapshot"],
  },
  {
    name: "a plan without moves",
    words: "rebalance apply --plan p.json",
    files: { "p.json": '{"format":"rebalance-plan","version":1}' },
    problems: 14,
    says: ["moves: missing; give a list"],
  },
];

/** Every case. */
export const badInputs: readonly BadInput[] = [...configurations, ...flags, ...files];
