// The outside system: a process of its own that moves guests between nodes, slowly, and counts every request to do so.
// Prints the address that it listens on.
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A request to move a guest, as it came in. */
export interface CallSeen {
  readonly cluster: string;
  readonly guest: number;
  readonly to: string;
  /** The process that asked. */
  readonly pid: number;
  readonly isAccepted: boolean;
}

interface Guest {
  node: string;
  isLocked: boolean;
}

const calls: CallSeen[] = [];
const clusters = new Map<string, Map<number, Guest>>();
const operations = new Map<string, "running" | "done">();

const server = createServer((request, response) => {
  answer(request).then(
    ([status, body]) => response.writeHead(status).end(JSON.stringify(body)),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
// Nobody is left behind when whoever started it is gone.
process.stdin.resume().on("end", () => process.exit());
server.listen(0, "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

async function answer(request: IncomingMessage): Promise<readonly [number, unknown]> {
  const [, what, cluster = "", id = ""] = request.url?.split("/") ?? [];
  const guests = clusters.get(cluster) ?? new Map<number, Guest>();
  clusters.set(cluster, guests);
  if (what === "calls") return [200, calls];
  if (what === "state") return [200, [...guests].map(([guest, state]) => ({ guest, ...state }))];
  if (what === "operation") return [200, operations.get(`${cluster}/${id}`) ?? "unknown"];
  const body = JSON.parse(await textOf(request));
  if (what === "add") {
    for (const guest of body) guests.set(guest, { node: "n1", isLocked: false });
    return [200, null];
  }
  if (what === "remove") {
    for (const guest of body) guests.delete(guest);
    return [200, null];
  }
  return migrate(cluster, guests, Number(id), body);
}

async function migrate(
  cluster: string,
  guests: Map<number, Guest>,
  id: number,
  { to, pid }: { readonly to: string; readonly pid: number },
): Promise<readonly [number, unknown]> {
  const guest = guests.get(id);
  const isAccepted = guest !== undefined && !guest.isLocked && guest.node !== to;
  calls.push({ cluster, guest: id, to, pid, isAccepted });
  if (!isAccepted) return [409, null];
  const operation = `${cluster}/${id}-${calls.length}`;
  operations.set(operation, "running");
  // What was accepted may not have begun yet, and its answer may come after it.
  void sleep((id * 37) % 120).then(async () => {
    guest.isLocked = true;
    await sleep(40 + ((id * 53) % 200));
    Object.assign(guest, { node: to, isLocked: false });
    operations.set(operation, "done");
  });
  await sleep(30 + ((id * 71) % 150));
  return [202, operation];
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}
