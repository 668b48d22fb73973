import { type Call, needs, type Operation } from "../api/operation.ts";
import { nodeName, oneOf, optional, vmid } from "../api/schema.ts";
import { hashText } from "../random.ts";
import { sampleGuest, usageOfNodes } from "../state/statistics.ts";
import type { Pressure } from "../state/types.ts";
import type { Row } from "./rows.ts";

const TIMEFRAMES = ["hour", "day", "week", "month", "year"];
// Seconds per point and number of points, from version 9 on and before.
const FINE: Readonly<Record<string, readonly [number, number]>> = {
  hour: [60, 60],
  day: [60, 1440],
  week: [1800, 336],
  month: [1800, 1440],
  year: [21_600, 1440],
  decade: [604_800, 570],
};
const COARSE: Readonly<Record<string, readonly [number, number]>> = {
  hour: [60, 70],
  day: [1800, 70],
  week: [10_800, 70],
  month: [43_200, 70],
  year: [604_800, 70],
};

const timeframe = oneOf(...TIMEFRAMES);
const cf = optional(oneOf("AVERAGE", "MAX"));
const guestPath = needs("/vms/{vmid}", "VM.Audit");

/** Figures over time. Not proxied: the contacted node answers from its own copy. */
export const rrdOperations: readonly Operation[] = [
  {
    method: "GET",
    path: "/nodes/{node}/rrddata",
    permission: needs("/nodes/{node}", "Sys.Audit"),
    until: "9.0",
    named: { node: nodeName, timeframe, cf },
    run: (call) => ofNode(call),
  },
  {
    method: "GET",
    path: "/nodes/{node}/rrddata",
    permission: needs("/nodes/{node}", "Sys.Audit"),
    since: "9.0",
    named: { node: nodeName, timeframe: oneOf(...TIMEFRAMES, "decade"), cf },
    run: (call) => ofNode(call),
  },
  ...["qemu", "lxc"].map(
    (kind): Operation => ({
      method: "GET",
      path: `/nodes/{node}/${kind}/{vmid}/rrddata`,
      permission: guestPath,
      named: { node: nodeName, vmid, timeframe, cf },
      // Which kind the path names is not looked at: clients read containers through qemu.
      run: (call) => ofGuest(call),
    }),
  ),
];

function ofNode(call: Call): readonly Row[] {
  const { cluster } = call;
  const name = call.text("node");
  const node = cluster.nodes.get(name);
  if (!node) return [];
  const usage = usageOfNodes(cluster).get(name) ?? { cores: 0, memoryBytes: 0 };
  return points(call, node.bootedAt, `node ${name}`, (wobble) => ({
    loadavg: round(usage.cores * wobble),
    maxcpu: node.cores,
    cpu: Math.min(1, (usage.cores / node.cores) * wobble),
    iowait: 0.0004 * wobble,
    memtotal: node.memoryBytes,
    memused: usage.memoryBytes,
    ...(call.version.atLeast("9.0")
      ? { memavailable: node.memoryBytes - usage.memoryBytes, arcsize: 0 }
      : {}),
    swaptotal: node.swapBytes,
    swapused: 0,
    roottotal: node.rootTotalBytes,
    rootused: node.rootUsedBytes,
    netin: round(10_240 * wobble),
    netout: round(8192 * wobble),
    ...(call.version.atLeast("9.0") ? pressures(node.psi, false) : {}),
  }));
}

function ofGuest(call: Call): readonly Row[] {
  const { cluster } = call;
  const guest = cluster.guests.get(call.number("vmid"));
  if (!guest) return [];
  const sample = sampleGuest(guest, cluster.clock.now());
  const still = { maxcpu: sample.maxcpu, maxmem: sample.maxmem, maxdisk: sample.maxdisk };
  const from = guest.running ? guest.startedAt : Number.POSITIVE_INFINITY;
  const rows = points(call, from, `guest ${guest.vmid}`, (wobble) => ({
    ...still,
    cpu: Math.min(1, sample.cpu * wobble),
    mem: sample.mem,
    ...(call.version.atLeast("9.0") ? { memhost: sample.memhost } : {}),
    disk: sample.disk,
    netin: round(guest.trafficPerSecond.netin * wobble),
    netout: round(guest.trafficPerSecond.netout * wobble),
    diskread: round(guest.trafficPerSecond.diskread * wobble),
    diskwrite: round(guest.trafficPerSecond.diskwrite * wobble),
    ...(call.version.atLeast("9.0") ? pressures(guest.psi, true) : {}),
  }));
  return rows.map((row) => ("maxcpu" in row ? row : { ...row, ...still, disk: 0 }));
}

// The newest point is what is true now; older ones wobble by a twentieth. Before the start there is only a time.
function points(
  call: Call,
  fromMs: number,
  name: string,
  values: (wobble: number) => Row,
): readonly Row[] {
  const table = call.version.atLeast("9.0") ? FINE : COARSE;
  const [step, count] = table[call.text("timeframe")] ?? [60, 60];
  const last = Math.floor(call.cluster.clock.seconds() / step) * step;
  const peak = call.find("cf") === "MAX" ? 1.02 : 1;
  return Array.from({ length: count }, (_, index) => {
    const time = last - (count - 1 - index) * step;
    if (time * 1000 < fromMs) return { time };
    const isNewest = index === count - 1;
    const noise = isNewest ? 0 : (hashText(`${name} ${time}`) % 101) / 1000 - 0.05;
    return { time, ...values(isNewest ? 1 : (1 + noise) * peak) };
  });
}

function pressures(psi: Pressure, withCpuFull: boolean): Row {
  return {
    pressurecpusome: psi.cpuSome,
    ...(withCpuFull ? { pressurecpufull: psi.cpuFull } : {}),
    pressureiosome: psi.ioSome,
    pressureiofull: psi.ioFull,
    pressurememorysome: psi.memorySome,
    pressurememoryfull: psi.memoryFull,
  };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
