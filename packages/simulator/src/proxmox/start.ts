import { Router } from "./api/router.ts";
import { type CertificateAuthority, createAuthority } from "./certificates.ts";
import { createCluster } from "./create.ts";
import { allOperations } from "./operations/all.ts";
import type { ProxmoxSimulatorOptions } from "./options.ts";
import { hashText } from "./random.ts";
import { type EntryPoint, ProxmoxSimulator } from "./simulator.ts";
import { type Cluster, requireNode } from "./state/cluster.ts";
import { hasUniformAuthText } from "./version.ts";
import { fetchFrom } from "./wire/fetch.ts";
import type { RequestRecord, WireContext } from "./wire/handle.ts";
import { type Listener, listen } from "./wire/listener.ts";

const HELD_BACK_MS = 3000;
const REQUESTS_KEPT = 100_000;

/**
 * Starts a stand-in for a Proxmox VE cluster that answers over HTTPS with a certificate of its own.
 * Throws RangeError for options that do not fit together, and the system's error when a port is taken.
 *
 * @example
 * const simulator = await startProxmox({ password: "secret" });
 * console.log(simulator.url);
 * await simulator.close();
 */
export async function startProxmox(
  options: ProxmoxSimulatorOptions = {},
): Promise<ProxmoxSimulator> {
  const cluster = createCluster(options);
  const requests: RequestRecord[] = [];
  const context = contextOf(cluster, options, requests);
  const authority = await createAuthority(options.certificateDirectory);
  const listeners: Listener[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(listeners.map((listener) => listener.close()));
  };
  const open = async (node: string, port: number): Promise<EntryPoint> => {
    const entry = await openEntry(context, authority, node, options.host ?? "127.0.0.1", port);
    listeners.push(entry.listener);
    return entry.point;
  };
  try {
    const first = await open(firstEntry(cluster, options), options.port ?? 0);
    const others: EntryPoint[] = [];
    for (const entry of options.entryNodes ?? [])
      others.push(await open(entry.node, entry.port ?? 0));
    inventFingerprints(cluster);
    const entries = [first, ...others] as const;
    const fetch = async (request: Request): Promise<Response> =>
      await fetchFrom(context, requireNode(cluster, first.node), request);
    const ca = authority.certificate;
    return new ProxmoxSimulator({ cluster, entries, ca, requests, fetch, close });
  } catch (error) {
    cluster.clock.close();
    await close();
    throw error;
  }
}

function contextOf(
  cluster: Cluster,
  options: ProxmoxSimulatorOptions,
  requests: RequestRecord[],
): WireContext {
  const { directory, tickets, clock, version } = cluster;
  const heldBack = clock.isVirtual ? 0 : HELD_BACK_MS;
  const uniformText =
    options.authText === undefined ? hasUniformAuthText(version) : options.authText === "new";
  return {
    cluster,
    auth: { directory, tickets, clock, uniformText },
    router: new Router(allOperations, version),
    hasMessage: options.messageInBody ?? true,
    unauthorizedDelayMs: options.unauthorizedDelayMs ?? heldBack,
    unreachableDelayMs: options.unreachableDelayMs ?? (clock.isVirtual ? 0 : undefined),
    record: (request) => {
      requests.push(request);
      if (requests.length > REQUESTS_KEPT * 2) requests.splice(0, REQUESTS_KEPT);
    },
  };
}

function firstEntry(cluster: Cluster, options: ProxmoxSimulatorOptions): string {
  if (options.entryNode !== undefined) return options.entryNode;
  for (const node of cluster.nodes.values()) if (node.online) return node.name;
  throw new RangeError("All nodes are offline: there is none that could answer.");
}

async function openEntry(
  context: WireContext,
  authority: CertificateAuthority,
  name: string,
  host: string,
  port: number,
): Promise<{ readonly listener: Listener; readonly point: EntryPoint }> {
  const node = context.cluster.nodes.get(name);
  if (!node) throw new RangeError(`There is no node "${name}" that could answer.`);
  const certificate = await authority.issue(name, [node.ip]);
  const listener = await listen(context, node, certificate, host, port);
  node.fingerprint = certificate.fingerprint;
  const address = host.includes(":") ? `[${host}]` : host;
  const url = `https://${address}:${listener.port}`;
  const { fingerprint } = certificate;
  return { listener, point: { node: name, url, port: listener.port, fingerprint } };
}

// Nodes that do not listen have a certificate too; nobody can ever look at it.
function inventFingerprints(cluster: Cluster): void {
  for (const node of cluster.nodes.values()) {
    if (node.fingerprint !== "") continue;
    const words = Array.from({ length: 8 }, (_, index) => hashText(`${node.name} ${index}`));
    const digits = words.map((word) => word.toString(16).padStart(8, "0")).join("");
    node.fingerprint = (digits.toUpperCase().match(/../g) ?? []).join(":");
  }
}
