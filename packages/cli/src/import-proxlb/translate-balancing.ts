import { isSection, type Section } from "./old-settings.ts";
import { given, type Translating } from "./translation.ts";

const METHODS = ["memory", "cpu", "disk"] as const;
const MODES = ["used", "assigned", "psi"] as const;

/** Translates `balancing` and `proxmox_cluster`. */
export function translateBalancing(work: Translating): Readonly<Record<string, unknown>> {
  const { old } = work;
  const method = choice(work, "method", METHODS);
  return given({
    method,
    mode: choice(work, "mode", MODES),
    balanciness: balanciness(work),
    threshold: threshold(work, method ?? "memory"),
    types: types(work),
    limits: limits(work),
    memoryReserveBytes: reserve(work),
    maintenanceNodes: work.carry(
      "proxmox_cluster.maintenance_nodes",
      old.list("proxmox_cluster.maintenance_nodes"),
    ),
    ignoreNodes: work.carry(
      "proxmox_cluster.ignore_nodes",
      old.list("proxmox_cluster.ignore_nodes"),
    ),
    ignoreGuests: ignoredGuests(work),
    pools: pools(work),
    maxParallel: parallel(work),
    maxInflowPerNode: work.carry(
      "balancing.max_node_inflow",
      whole(old.number("balancing.max_node_inflow")),
    ),
  });
}

function choice<Word extends string>(
  work: Translating,
  key: string,
  words: readonly Word[],
): Word | undefined {
  const text = work.old.text(`balancing.${key}`);
  const found = words.find((word) => word === text?.toLowerCase());
  if (text !== undefined && found === undefined) {
    work.drop(`balancing.${key}`, `${JSON.stringify(text)} is none of ${words.join(", ")}.`);
  }
  return work.carry(`balancing.${key}`, found);
}

function balanciness(work: Translating): number | undefined {
  const points = work.carry("balancing.balanciness", work.old.number("balancing.balanciness"));
  if (points === undefined || (points > 0 && points <= 100)) return points;
  work.change("balancing.balanciness", `ProxLB had ${points}; here it is above 0 and at most 100.`);
  return points > 100 ? 100 : 1;
}

function threshold(work: Translating, method: (typeof METHODS)[number]): number | undefined {
  for (const other of METHODS.filter((name) => name !== method)) {
    const reason = `Only the threshold of the levelled resource counts, which is ${method}; those of further targets are in balancing.thresholds.`;
    work.drop(`balancing.${other}_threshold`, reason);
  }
  const path = `balancing.${method}_threshold`;
  const percent = work.carry(path, work.old.number(path));
  if (percent === undefined) return undefined;
  const meaning = `ProxLB levelled below its threshold of ${percent} % too, the threshold only added a reason. Here nothing is levelled while every node is below it; rules and drains are still served.`;
  work.change("balancing.threshold", meaning);
  work.alert(path, meaning);
  return Math.min(1, Math.max(0, percent / 100));
}

function types(work: Translating): readonly string[] | undefined {
  const words = work.old.list("balancing.balance_types");
  const all = words?.includes("all") === true ? ["vm", "ct"] : words;
  const known: Readonly<Record<string, string>> = { vm: "vm", ct: "container" };
  const found = all?.flatMap((word) => known[word.toLowerCase()] ?? []);
  if (found !== undefined && found.length > 0) return work.carry("balancing.balance_types", found);
  const isIni = work.nameOf("balancing.balance_types") !== "balancing.balance_types";
  const there = isIni ? "The file has no `type`." : "ProxLB moved nothing without `balance_types`.";
  const meaning = `${there} Here VMs and containers are levelled unless \`types\` names one of them.`;
  work.change("balancing", meaning);
  work.alert("balancing.balance_types", meaning);
  return undefined;
}

function limits(work: Translating): Readonly<Record<string, unknown>> {
  const factor = work.carry(
    "balancing.cpu_overcommit",
    work.old.number("balancing.cpu_overcommit"),
  );
  if (factor === undefined || factor <= 0) return {};
  work.change(
    "balancing.limits",
    "From `cpu_overcommit`: no move may bring a node above this many configured cores per core.",
  );
  return { vcpuPerCore: factor };
}

function reserve(work: Translating): Readonly<Record<string, unknown>> {
  const nodes = work.old.section("balancing.node_resource_reserve") ?? {};
  const sizes = Object.entries(nodes).flatMap(([node, sizes]) => {
    const gigabytes = isSection(sizes) ? Number(sizes.memory) : Number.NaN;
    return gigabytes > 0 ? [[node, `${gigabytes} GiB`] as const] : [];
  });
  if (sizes.length > 0) work.carry("balancing.node_resource_reserve", sizes);
  for (const path of otherReserves(nodes)) {
    const reason = "Only memory is kept free here; for the load of CPUs there is `limits.cpuUsed`.";
    work.drop(`balancing.node_resource_reserve.${path}`, reason);
    work.alert(`balancing.node_resource_reserve.${path}`, reason);
  }
  return Object.fromEntries(sizes);
}

/** Dotted paths of what is to be kept free besides memory. */
function otherReserves(nodes: Section): readonly string[] {
  return Object.entries(nodes).flatMap(([node, sizes]) => {
    const others = isSection(sizes) ? Object.keys(sizes).filter((key) => key !== "memory") : [];
    return others.map((key) => `${node}.${key}`);
  });
}

/** Names with wildcards cannot be kept without asking the cluster. */
function ignoredGuests(work: Translating): readonly (number | string)[] | undefined {
  const path = "vm_balancing.ignore_vms";
  const names = work.old.list(path) ?? [];
  const patterns = names.filter((name) => name.includes("*"));
  if (patterns.length > 0) {
    const reason = `Guests are ignored by id, name or tag, not by pattern: ${patterns.join(", ")} may move until these guests have the tag plb_ignore.`;
    work.drop(path, reason);
    work.alert(path, reason);
  }
  const guests = names
    .filter((name) => !patterns.includes(name))
    .map((name) => (/^[1-9]\d*$/.test(name) ? Number(name) : name));
  return work.carry(path, guests.length === 0 ? undefined : guests);
}

function pools(work: Translating): Readonly<Record<string, unknown>> {
  const old = work.old.section("balancing.pools") ?? {};
  const rules = Object.entries(old).flatMap(([pool, rule]) => {
    const translated = isSection(rule) ? poolRule(rule) : {};
    return Object.keys(translated).length === 0 ? [] : [[pool, translated] as const];
  });
  if (rules.length > 0) work.carry("balancing.pools", rules);
  return Object.fromEntries(rules);
}

function poolRule({ type, pin, strict }: Section): Readonly<Record<string, unknown>> {
  const nodes = (Array.isArray(pin) ? pin : [pin]).filter(
    (node) => typeof node === "string" && node !== "",
  );
  return given({
    type: type === "affinity" || type === "anti-affinity" ? type : undefined,
    pin: nodes.length === 0 ? undefined : nodes,
    strict: typeof strict === "boolean" ? strict : undefined,
  });
}

function parallel(work: Translating): number {
  const isParallel = work.carry("balancing.parallel", work.old.boolean("balancing.parallel"));
  const jobs = work.carry(
    "balancing.parallel_jobs",
    whole(work.old.number("balancing.parallel_jobs")),
  );
  if (isParallel !== true) return 1;
  if (work.nameOf("balancing.parallel") !== "balancing.parallel") {
    const meaning =
      "ProxLB started all moves at the same time. Here 5 run at the same time, at most one of them onto a node; `maxParallel` and `maxInflowPerNode` change that.";
    work.change("balancing.maxParallel", meaning);
    work.alert("balancing.parallel", meaning);
  }
  return jobs ?? 5;
}

function whole(value: number | undefined): number | undefined {
  return value === undefined || value < 1 ? undefined : Math.floor(value);
}
