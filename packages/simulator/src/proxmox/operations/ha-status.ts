import { type Call, needs, type Operation } from "../api/operation.ts";
import { oneOf } from "../api/schema.ts";
import type { HaResource } from "../ha/stack.ts";
import { masterNode, nodeStateWord, serviceRowState } from "../ha/words.ts";
import type { Node } from "../state/types.ts";
import type { Row } from "./rows.ts";

const AUDIT = needs("/", "Sys.Audit");
const CONSOLE = needs("/", "Sys.Console");

/** What the HA managers tell about themselves. */
export const haStatusOperations: readonly Operation[] = [
  {
    method: "GET",
    path: "/cluster/ha",
    permission: AUDIT,
    named: {},
    run: () => ["status", "resources", "groups", "rules"].map((id) => ({ id })),
  },
  {
    method: "GET",
    path: "/cluster/ha/status",
    permission: AUDIT,
    named: {},
    run: () => [{ name: "current" }, { name: "manager_status" }],
  },
  {
    method: "GET",
    path: "/cluster/ha/status/current",
    permission: AUDIT,
    named: {},
    run: (call) => current(call),
  },
  {
    method: "GET",
    path: "/cluster/ha/status/manager_status",
    permission: AUDIT,
    named: {},
    run: (call) => managerStatus(call),
  },
  {
    method: "POST",
    path: "/cluster/ha/status/disarm-ha",
    permission: CONSOLE,
    since: "9.2",
    named: { "resource-mode": oneOf("freeze", "ignore") },
    run: (call) => {
      call.cluster.ha.disarmed = call.text("resource-mode") === "ignore" ? "ignore" : "freeze";
      return null;
    },
  },
  {
    method: "POST",
    path: "/cluster/ha/status/arm-ha",
    permission: CONSOLE,
    since: "9.2",
    named: {},
    run: (call) => {
      call.cluster.ha.disarmed = undefined;
      return null;
    },
  },
];

function current(call: Call): readonly Row[] {
  const { cluster } = call;
  const { ha } = cluster;
  const local = call.node.name;
  const rows: Row[] = [
    {
      id: "quorum",
      type: "quorum",
      node: local,
      status: cluster.quorate ? "OK" : "No quorum on node!",
      quorate: cluster.quorate ? 1 : 0,
    },
  ];
  if (!ha.isActive) return rows;
  const master = masterNode(cluster);
  const seconds = cluster.clock.seconds();
  rows.push({
    id: "master",
    type: "master",
    node: master,
    status: `${master} (active, ${dateText(seconds)})`,
    timestamp: seconds,
  });
  if (call.version.atLeast("9.1.7")) {
    const armed = ha.disarmed ? "disarmed" : "armed";
    const status = ha.disarmed ? `disarmed (${ha.disarmed})` : "armed (CRM watchdog active)";
    rows.push({ id: "fencing", type: "fencing", node: master, status, "armed-state": armed });
  }
  for (const node of cluster.nodes.values()) rows.push(lrmRow(call, node));
  for (const service of ha.resources.values()) rows.push(serviceRow(call, service));
  return rows;
}

function lrmRow(call: Call, node: Node): Row {
  const { cluster } = call;
  const timestamp = lrmTimestamp(call, node);
  const isActive = [...cluster.ha.resources.values()].some((entry) => entry.node === node.name);
  const word = !node.online
    ? "old timestamp - dead?"
    : cluster.ha.maintenance.has(node.name)
      ? "maintenance mode"
      : isActive
        ? "active"
        : "idle";
  const watchdog = call.version.atLeast("9.1.7")
    ? `, watchdog ${word === "active" ? "active" : "standby"}`
    : "";
  const status = `${node.name} (${word}${watchdog}, ${dateText(timestamp)})`;
  return { id: `lrm:${node.name}`, type: "lrm", node: node.name, status, timestamp };
}

function serviceRow(call: Call, service: HaResource): Row {
  const state = serviceRowState(service);
  return {
    id: `service:${service.sid}`,
    type: "service",
    sid: service.sid,
    node: service.node,
    crm_state: service.state,
    state: service.requested === "ignored" ? "ignored" : state,
    status: `${service.sid} (${service.node}, ${state})`,
    request_state: service.requested,
    max_restart: service.maxRestart,
    max_relocate: service.maxRelocate,
    ...(call.version.atLeast("9.0") ? { failback: service.failback ? 1 : 0 } : {}),
    ...(service.comment === undefined ? {} : { comment: service.comment }),
    ...(service.group === undefined ? {} : { group: service.group }),
  };
}

function managerStatus(call: Call): Row {
  const { cluster } = call;
  const { ha } = cluster;
  const quorum = { node: call.node.name, quorate: cluster.quorate ? "1" : "0" };
  if (!ha.isActive) return { manager_status: {}, quorum, lrm_status: {} };
  const seconds = cluster.clock.seconds();
  const nodes = [...cluster.nodes.values()];
  return {
    manager_status: {
      master_node: masterNode(cluster),
      timestamp: seconds,
      node_status: Object.fromEntries(
        nodes.map((node) => [node.name, nodeStateWord(cluster, node.name)]),
      ),
      service_status: Object.fromEntries(
        [...ha.resources.values()].map((service) => [service.sid, serviceStatus(call, service)]),
      ),
    },
    quorum,
    lrm_status: Object.fromEntries(
      nodes.map((node) => {
        const word = ha.maintenance.has(node.name) ? "maintenance" : "active";
        const timestamp = lrmTimestamp(call, node);
        return [node.name, { mode: word, state: word, timestamp, results: {} }];
      }),
    ),
  };
}

function serviceStatus(call: Call, service: HaResource): Row {
  const running = call.cluster.guests.get(service.vmid)?.running === true;
  return {
    node: service.node,
    state: service.state,
    ...(service.target === undefined ? {} : { target: service.target }),
    ...(running ? { running: 1 } : {}),
    uid: `uid${service.vmid}`,
  };
}

function lrmTimestamp(call: Call, node: Node): number {
  const { clock } = call.cluster;
  return node.online ? clock.seconds() : Math.floor((node.offlineSince ?? clock.now()) / 1000);
}

// As Perl's localtime prints it, in UTC.
function dateText(seconds: number): string {
  const text = new Date(seconds * 1000).toUTCString();
  const [, weekday = "", day = "", month = "", year = "", time = ""] =
    /^(\w+), (\d+) (\w+) (\d+) (\S+)/.exec(text) ?? [];
  return `${weekday} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`;
}
