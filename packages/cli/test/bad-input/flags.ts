import { type BadInput, config, DRY, FILE, GOOD, small } from "./case.ts";

/** Command lines that cannot work. */
export const flags: readonly BadInput[] = [
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
    says: ["--snapshot: a flag comes behind its command", "see kappa4 help"],
  },
  {
    name: "half of a command's name",
    words: "dry-run --json",
    says: ["dry-run: no such command; did you mean rebalance dry-run?"],
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
    name: "bytes without a unit",
    words: `${DRY} --max-move-bytes 200`,
    says: ['--max-move-bytes: must be a size with its unit such as 8GiB, not "200"'],
  },
  {
    name: "no time to move",
    words: `${DRY} --max-minutes 0`,
    says: ["--max-minutes: must be a number, above 0"],
  },
  {
    name: "no moves at a time",
    words: `${DRY} --max-parallel 0`,
    says: ["--max-parallel: must be a whole number, at least 1"],
  },
  {
    name: "a reason that says nothing",
    words: "rebalance apply --yes --reason ab",
    says: ["--reason: must say why in 3 to 500 characters"],
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
    name: "a type of event that there is none of",
    words: "events list --type run.ended,run.end",
    says: ["--type: must be one of approval.acknowledge", 'run.started, not "run.end"'],
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
    words: "rebalance apply --yes --snapshot s.json",
    files: { "s.json": small },
    says: ["--snapshot: a file is not a cluster; nothing can be moved in it"],
  },
  {
    name: "a plan and an aim",
    words: "rebalance apply --yes --plan p.json --method cpu",
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
    says: ['--memory: must be a size with its unit such as 8GiB, not "lots"'],
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
    says: ['small has no guest "web-09". Did you mean web-01?'],
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
