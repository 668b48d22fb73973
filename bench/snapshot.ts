import { createKappa4 } from "@kappa4/sdk";
import { generateCluster, startProxmox } from "@kappa4/simulator";
import { median, table } from "./machine.ts";

const TOKEN = { id: "bench@pve!kappa4", secret: "00000000-0000-4000-8000-000000000000" };
const SIZES = [
  { nodes: 3, guests: 60 },
  { nodes: 10, guests: 300 },
  { nodes: 32, guests: 1000 },
  { nodes: 100, guests: 5000 },
];
const ROUNDS = 9;
const MOST_REQUESTS = 8;

/**
 * How many requests and how long it takes to read a whole cluster over HTTPS from the simulator, the TLS handshake of
 * a first call included. Answers whether no size needs more than eight requests.
 */
export async function run(): Promise<boolean> {
  const rows: (string | number)[][] = [
    ["nodes x guests", "requests", "first ms", "median ms", "KiB read"],
  ];
  let isWithin = true;
  for (const { nodes, guests } of SIZES) {
    const snapshot = generateCluster({ nodes, guests, seed: 1 });
    const simulator = await startProxmox({ snapshot, tokens: [TOKEN] });
    const kappa4 = await createKappa4({
      connections: {
        bench: {
          kind: "proxmox",
          endpoints: [simulator.url],
          auth: { type: "token", token: `${TOKEN.id}=${TOKEN.secret}` },
          tls: { verify: "pin", sha256: simulator.fingerprint },
        },
      },
    });
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const startedAt = performance.now();
      const read = await kappa4.cluster.snapshot();
      times.push(performance.now() - startedAt);
      if (read.guests.length !== guests)
        throw new Error(`read ${read.guests.length} of ${guests} guests`);
    }
    const requests = simulator.requests.length / ROUNDS;
    const bytes = simulator.requests.reduce((sum, request) => sum + request.bytes, 0) / ROUNDS;
    isWithin &&= requests <= MOST_REQUESTS;
    const [first = Number.NaN] = times;
    rows.push([
      `${nodes} x ${guests}`,
      requests,
      first.toFixed(0),
      median(times).toFixed(0),
      (bytes / 1024).toFixed(0),
    ]);
    await kappa4.close();
    await simulator.close();
  }
  console.log(table(rows));
  console.log(
    `${isWithin ? "holds" : "BROKEN"}: at most ${MOST_REQUESTS} requests, whatever the size`,
  );
  return isWithin;
}
