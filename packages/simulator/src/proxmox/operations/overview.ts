import { anyUser, type Call, needs, type Operation } from "../api/operation.ts";
import { oneOf, optional } from "../api/schema.ts";
import { nodeStateWord } from "../ha/words.ts";
import { nodesKnownTo } from "../state/cluster.ts";
import {
  guestRow,
  isOn,
  nodeRow,
  poolNames,
  poolRow,
  type Row,
  storageRow,
  storageUse,
} from "./rows.ts";

/** The calls that show the cluster as a whole. */
export const overviewOperations: readonly Operation[] = [
  {
    method: "GET",
    path: "/version",
    permission: anyUser,
    named: {},
    run: (call) => versionRow(call, call.node.version),
  },
  {
    method: "GET",
    path: "/cluster/resources",
    permission: anyUser,
    named: { type: optional(oneOf("vm", "storage", "node", "sdn")) },
    run: (call) => resources(call),
  },
  {
    method: "GET",
    path: "/cluster/status",
    permission: needs("/", "Sys.Audit"),
    named: {},
    run: (call) => clusterStatus(call),
  },
  {
    method: "GET",
    path: "/cluster/config/nodes",
    permission: needs("/", "Sys.Audit"),
    named: {},
    run: (call) => configuredNodes(call),
  },
  {
    method: "GET",
    path: "/nodes",
    permission: anyUser,
    named: {},
    run: (call) =>
      call.cluster.random.shuffle(
        nodesKnownTo(call.cluster, call.node).map((node) => ({
          ...nodeRow(call, node),
          ...(node.fingerprint ? { ssl_fingerprint: node.fingerprint } : {}),
        })),
      ),
  },
];

/** Version entry of a node. */
export function versionRow(call: Call, full: string): Row {
  const release = full.split(".").slice(0, 2).join(".");
  return { version: full, release, repoid: call.version.repoid };
}

function resources(call: Call): readonly Row[] {
  const wanted = call.find("type");
  const shows = (type: string): boolean => wanted === undefined || wanted === type;
  const rows: Row[] = [];
  if (wanted === undefined) rows.push(...pools(call));
  if (shows("vm")) rows.push(...guests(call));
  if (shows("node")) rows.push(...nodes(call));
  if (shows("storage")) rows.push(...storages(call));
  if (shows("sdn")) rows.push(...zones(call));
  return call.cluster.random.shuffle(rows);
}

function guests(call: Call): readonly Row[] {
  const { cluster } = call;
  const pools = poolNames(cluster);
  const known = new Set(nodesKnownTo(cluster, call.node).map(({ name }) => name));
  return [...cluster.guests.values()]
    .filter((guest) => call.may(`/vms/${guest.vmid}`, "VM.Audit"))
    .map((guest) => guestRow(cluster, guest, pools.get(guest.vmid), known.has(guest.node)));
}

function nodes(call: Call): readonly Row[] {
  const { cluster } = call;
  return nodesKnownTo(cluster, call.node).map((node) => {
    const row = nodeRow(call, node);
    if (cluster.ha.isActive) row.hastate = nodeStateWord(cluster, node.name);
    if (row.cpu === undefined) return row;
    row["cgroup-mode"] = 2;
    if (call.version.atLeast("9.2")) row["host-arch"] = "x86_64";
    return row;
  });
}

function storages(call: Call): readonly Row[] {
  const { cluster } = call;
  const used = storageUse(cluster);
  const visible = [...cluster.storages.values()].filter((storage) =>
    call.may(`/storage/${storage.id}`, "Datastore.Audit"),
  );
  return nodesKnownTo(cluster, call.node).flatMap((node) =>
    visible
      .filter((storage) => isOn(storage, node.name))
      .map((storage) => storageRow(cluster, storage, node, used)),
  );
}

function pools(call: Call): readonly Row[] {
  const { cluster } = call;
  return [...cluster.pools.values()]
    .filter((pool) => call.may(`/pool/${pool.id}`, "Pool.Audit"))
    .map((pool) => poolRow(cluster, pool.id, pool.guests));
}

// Up to version 8 a zone is of type sdn; version 9 calls it a network.
function zones(call: Call): readonly Row[] {
  if (!call.may("/sdn/zones/localnetwork", "SDN.Audit")) return [];
  const isNine = call.version.atLeast("9.0");
  return [...call.cluster.nodes.values()].map((node) => {
    const status = node.online ? "ok" : "unknown";
    if (!isNine) {
      const id = `sdn/${node.name}/localnetwork`;
      return { id, type: "sdn", sdn: "localnetwork", node: node.name, status };
    }
    return {
      id: `network/${node.name}/zone/localnetwork`,
      type: "network",
      "network-type": "zone",
      network: "localnetwork",
      node: node.name,
      status,
    };
  });
}

function clusterStatus(call: Call): readonly Row[] {
  const { cluster } = call;
  const known = nodesKnownTo(cluster, call.node);
  const isSingle = known.length === 1;
  const rows: Row[] = known.map((node) => ({
    id: `node/${node.name}`,
    type: "node",
    name: node.name,
    nodeid: isSingle ? 0 : node.nodeid,
    ip: node.ip,
    online: node.online ? 1 : 0,
    local: node.name === call.node.name ? 1 : 0,
    level: "",
  }));
  if (isSingle) return rows;
  const quorate = cluster.quorate ? 1 : 0;
  const head = { id: "cluster", type: "cluster", name: cluster.name, version: cluster.nodes.size };
  return [{ ...head, nodes: cluster.nodes.size, quorate }, ...rows];
}

/** What corosync.conf says, whether corosync runs or not; a node without a cluster has no such file. */
function configuredNodes({ cluster }: Call): readonly Row[] {
  if (cluster.nodes.size === 1) return [];
  return [...cluster.nodes.values()].map(({ name, nodeid, ip }) => ({
    node: name,
    name,
    nodeid: String(nodeid),
    quorum_votes: "1",
    ring0_addr: ip,
  }));
}
