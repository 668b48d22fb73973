import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Agent, createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { TLSSocket } from "node:tls";
import type { ConformanceFault } from "../../packages/connectors/src/testing/index.ts";
import type { LxdCluster } from "../servers/lxd-fixture.ts";

/** A door in front of a real cluster that lets requests through, or makes them go wrong. */
export interface FaultProxy {
  readonly url: string;
  /** Requests so far that may change something. */
  writes(): number;
  break(fault: ConformanceFault, times?: number): void;
  heal(): void;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: Buffer | string;
}

/**
 * Opens the door. It shows the cluster's own certificate, so a pin holds; callers with the trusted client
 * certificate are let in with it, all others go on to the cluster without any.
 */
export async function openFaultProxy(cluster: LxdCluster): Promise<FaultProxy> {
  const trusted = readFileSync(cluster.certFile, "utf8");
  const key = readFileSync(cluster.keyFile);
  const known = new Agent({ keepAlive: true, rejectUnauthorized: false, cert: trusted, key });
  const unknown = new Agent({ keepAlive: true, rejectUnauthorized: false });
  const fingerprint = fingerprintOf(trusted);
  let writes = 0;
  let fault: { readonly kind: ConformanceFault; left: number } | undefined;

  function take(method: string, path: string): ConformanceFault | undefined {
    if (fault === undefined || fault.left === 0) return undefined;
    if ((fault.kind === "cut-write") === (method === "GET")) return undefined;
    // Who lacks a right may still ask who he is.
    if (fault.kind === "forbidden" && path === "/1.0") return undefined;
    fault.left -= 1;
    return fault.kind;
  }

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = "GET", url = "/", socket } = incoming;
    const body = await readAll(incoming);
    if (method !== "GET") writes += 1;
    const kind = take(method, url.split("?")[0] ?? "");
    if (kind === "cut-read") return void socket.destroy();
    if (kind === "slow") await new Promise((resolve) => setTimeout(resolve, 3000).unref());
    const peer = socket instanceof TLSSocket ? socket.getPeerCertificate().fingerprint256 : "";
    const agent = peer === fingerprint && kind !== "unauthorized" ? known : unknown;
    const target = `${cluster.endpoints[0]}${url}`;
    const answer = invented(kind) ?? (await forward(target, method, agent, body));
    if (kind === "cut-write") return void socket.destroy();
    outgoing.writeHead(answer.status, { "content-type": "application/json" });
    outgoing.end(answer.body);
  }

  const server = createServer(
    {
      cert: readFileSync(join(cluster.dir, "server.crt")),
      key: readFileSync(join(cluster.dir, "n1", "cluster.key")),
      requestCert: true,
      rejectUnauthorized: false,
    },
    (incoming, outgoing) => {
      handle(incoming, outgoing).catch((error: Error) => outgoing.destroy(error));
    },
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    writes: () => writes,
    break: (kind, times = Number.POSITIVE_INFINITY) => {
      fault = { kind, left: times };
    },
    heal: () => {
      fault = undefined;
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      known.destroy();
      unknown.destroy();
      await closed;
    },
  };
}

function forward(url: string, method: string, agent: Agent, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, agent }, (incoming) => {
      readAll(incoming).then(
        (answer) => resolve({ status: incoming.statusCode ?? 0, body: answer }),
        reject,
      );
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

function invented(fault: ConformanceFault | undefined): Answer | undefined {
  const error = (status: number, text: string): Answer => ({
    status,
    body: JSON.stringify({ type: "error", error_code: status, error: text, metadata: null }),
  });
  switch (fault) {
    case "forbidden":
      return error(403, "not authorized");
    case "missing":
      return error(404, "not found");
    case "rate-limited":
      return error(429, "too many requests");
    case "failing":
      return error(503, "LXD daemon is shutting down");
    case "malformed":
      return { status: 200, body: "<html>" };
    default:
      return undefined;
  }
}

async function readAll(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function fingerprintOf(pem: string): string {
  return new X509Certificate(pem).fingerprint256;
}
