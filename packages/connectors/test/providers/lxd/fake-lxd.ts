import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ConformanceFault } from "../../../src/testing/index.ts";
import {
  emptyState,
  errorBody,
  type FakeInstance,
  type FakeOperation,
  type FakeState,
  ok,
  refuse,
  renderInstance,
  renderMember,
  renderOperation,
  renderSnapshot,
} from "./fake-lxd-state.ts";

/** A running stand-in. */
export interface FakeLxd {
  readonly url: string;
  /** Where nobody is trusted: over plain HTTP there are no certificates to tell people apart by. */
  readonly strangerUrl: string;
  readonly state: FakeState;
  /** Every request, as "METHOD /path?query". */
  readonly requests: string[];
  writes(): readonly string[];
  add(instance: Partial<FakeInstance> & { name: string; location: string }): FakeInstance;
  close(): Promise<void>;
}

/** Options of {@link startFakeLxd}. */
export interface FakeLxdOptions {
  /** LXD 5.0 moves what runs and reports failures in the operation; Incus 6.0 does neither. */
  readonly brand?: "lxd" | "incus" | undefined;
  readonly project?: string | undefined;
}

/** Starts a stand-in on loopback, with members node1 to node3 and no instances. */
export async function startFakeLxd(options: FakeLxdOptions = {}): Promise<FakeLxd> {
  const { brand = "lxd", project = "default" } = options;
  const operations = new Map<string, FakeOperation>();
  const requests: string[] = [];
  const state = emptyState();
  state.movesRunning = brand === "lxd";
  let count = 0;

  function add(given: Partial<FakeInstance> & { name: string; location: string }): FakeInstance {
    count += 1;
    const instance: FakeInstance = {
      status: "Running",
      uid: `uid-${count}`,
      config: {},
      devices: { root: { type: "disk", path: "/", pool: "default" } },
      ephemeral: false,
      backups: [],
      memory: 1000,
      cpu: 0,
      architecture: "x86_64",
      snapshots: [],
      ...given,
    };
    state.instances.set(instance.name, instance);
    return instance;
  }

  function accept(description: string, names: readonly string[], effect: () => string | undefined) {
    count += 1;
    const operation: FakeOperation = {
      id: `op-${count}`,
      description,
      instances: names,
      effect,
      mayCancel: state.mayCancel,
      looksLeft: state.looks,
      error: undefined,
      ended: false,
    };
    operations.set(operation.id, operation);
    const query = project === "default" ? "" : `?project=${project}`;
    const url = `/1.0/operations/${operation.id}${query}`;
    return {
      status: 202,
      body: { type: "async", operation: url, metadata: renderOperation(operation) },
    };
  }

  function lookAt(operation: FakeOperation): void {
    if (operation.ended || operation.looksLeft-- > 0) return;
    operation.ended = true;
    const { breaks } = state;
    const effect = breaks === undefined || breaks.done ? operation.effect() : undefined;
    operation.error = breaks?.text ?? effect;
    state.breaks = undefined;
    if (state.forgets) operations.delete(operation.id);
  }

  function wait(id: string) {
    const operation = operations.get(id);
    if (operation === undefined) return refuse(404, "Operation not found");
    lookAt(operation);
    if (!operations.has(id)) return refuse(404, "Operation not found");
    // The headers of a wait are gone before it ends, so its HTTP status is always 200.
    if (brand === "lxd") return ok(renderOperation(operation));
    if (!operation.ended) return { status: 200, body: errorBody(500, "context deadline exceeded") };
    if (operation.error === undefined) return ok(renderOperation(operation));
    return { status: 200, body: errorBody(500, operation.error) };
  }

  function move(instance: FakeInstance, target: string | null) {
    const member = state.members.find(({ name }) => name === target);
    if (member === undefined)
      return refuse(404, "Failed to get target node: Cluster member not found");
    if (instance.backups.length > 0) return refuse(400, "Instance has backups");
    const ran = instance.status === "Running";
    if (!state.movesRunning && ran) {
      return refuse(400, "Instance must be stopped to be moved statelessly");
    }
    return accept("Migrating instance", [instance.name], () => {
      if (state.moveFailsWith !== undefined) {
        instance.status = "Stopped";
        const copy = `lxd-move-of-${instance.uid}`;
        if (state.leavesCopy) add({ ...instance, name: copy, location: member.name });
        return state.moveFailsWith;
      }
      instance.location = member.name;
      return undefined;
    });
  }

  function setState(instance: FakeInstance, action: string) {
    const description =
      { start: "Starting", stop: "Stopping", restart: "Restarting" }[action] ?? "?";
    return accept(`${description} instance`, [instance.name], () => {
      if (action === "start" && state.startFailsWith !== undefined) return state.startFailsWith;
      if (action === "start" && instance.status === "Running") {
        return "The instance is already running";
      }
      if (action === "stop" && instance.status === "Stopped") {
        return "The instance is already stopped";
      }
      instance.status = action === "stop" ? "Stopped" : "Running";
      if (action === "stop" && instance.ephemeral) state.instances.delete(instance.name);
      return undefined;
    });
  }

  function create(body: Record<string, unknown>, target: string | null) {
    const name = String(body.name);
    return accept("Creating instance", [name], () => {
      if (state.instances.has(name)) return 'This "instances" entry already exists';
      const config = body.config as Record<string, string>;
      add({ name, location: target ?? "node1", status: "Stopped", config });
      return undefined;
    });
  }

  function snapshots(instance: FakeInstance, method: string, name: string | undefined, body: Body) {
    if (method === "GET") {
      if (name === undefined) return ok(instance.snapshots.map(renderSnapshot));
      return instance.snapshots.includes(name)
        ? ok(renderSnapshot(name))
        : refuse(404, "Instance snapshot not found");
    }
    if (method === "POST") {
      return accept("Snapshotting instance", [instance.name], () => {
        instance.snapshots.push(String(body.name));
        return undefined;
      });
    }
    return accept("Deleting snapshot", [instance.name], () => {
      instance.snapshots = instance.snapshots.filter((candidate) => candidate !== name);
      return undefined;
    });
  }

  function instanceCall(
    method: string,
    rest: readonly string[],
    query: URLSearchParams,
    body: Body,
  ) {
    const [name = "", part, snapshot] = rest;
    const instance = state.instances.get(name);
    if (instance === undefined) return refuse(404, "Instance not found");
    const home = state.members.find((member) => member.name === instance.location);
    if (home?.status === "Offline") {
      return refuse(500, "Missing event connection with target cluster member");
    }
    if (part === "state") return setState(instance, String(body.action));
    if (part === "snapshots") return snapshots(instance, method, snapshot, body);
    if (method === "GET") return ok(renderInstance(state, instance));
    if (method === "POST") return move(instance, query.get("target"));
    if (method === "PUT") {
      return accept("Restoring snapshot", [name], () =>
        instance.snapshots.includes(String(body.restore))
          ? undefined
          : `Snapshot ${name}/${body.restore} does not exist`,
      );
    }
    if (instance.status === "Running") return refuse(400, "Instance is running");
    return accept("Deleting instance", [name], () => {
      state.instances.delete(name);
      return undefined;
    });
  }

  function serverCall(untrusted: boolean) {
    if (untrusted) return ok({ auth: "untrusted" });
    const drivers = [
      { Name: "dir", Remote: false },
      { Name: "ceph", Remote: true },
    ];
    const version = brand === "lxd" ? "5.0.2" : "6.0.4";
    const environment = {
      server: brand,
      server_version: version,
      storage_supported_drivers: drivers,
    };
    return ok({ auth: "trusted", environment });
  }

  function operationCall(method: string, id: string | undefined, part: string | undefined) {
    if (id === undefined) {
      const all = [...operations.values()].map(renderOperation);
      return ok({ running: all.filter((one) => one.status === "Running"), success: null });
    }
    const operation = operations.get(id);
    if (operation === undefined) return refuse(404, "Operation not found");
    if (part === "wait") return wait(id);
    if (method === "GET") return ok(renderOperation(operation));
    return operation.mayCancel ? ok({}) : refuse(400, "Only running operations can be cancelled");
  }

  function route(method: string, url: URL, body: Body, stranger: boolean) {
    const [room, ...rest] = url.pathname.split("/").slice(2).map(decodeURIComponent);
    const untrusted = stranger || state.auth === "untrusted";
    if (room === undefined) return serverCall(untrusted);
    if (untrusted) return refuse(403, "not authorized");
    const asked = url.searchParams.get("project") ?? "default";
    // Operations of another project are not found, as when a wait loses the query of its address.
    if (room === "operations" && asked !== project) return refuse(404, "Operation not found");
    if (room === "operations") return operationCall(method, rest[0], rest[1]);
    if (room === "cluster") return ok(state.members.map(renderMember));
    if (room === "projects") return ok({ config: state.projectConfig });
    if (room === "certificates") return ok(state.certificates);
    if (room === "resources") {
      return ok({ cpu: { total: 8 }, memory: { total: 100_000, used: 40_000 } });
    }
    if (room === "storage-pools") {
      return ok(rest.length === 0 ? state.pools : { space: { total: 5000, used: 500 } });
    }
    if (room !== "instances") return refuse(404, "not found");
    if (rest.length > 0) return instanceCall(method, rest, url.searchParams, body);
    if (method === "POST") return create(body, url.searchParams.get("target"));
    const matches = filterOf(url.searchParams.get("filter"));
    const found = [...state.instances.values()].filter(matches);
    return ok(found.map((instance) => renderInstance(state, instance)));
  }

  /** Whether a request meets the fault of the moment; uses it up if it does. */
  function takeFault(method: string, path: string): ConformanceFault | undefined {
    const { fault } = state;
    if (fault === undefined || fault.left === 0) return undefined;
    if ((fault.kind === "cut-write") === (method === "GET")) return undefined;
    // Who lacks a right is told so, but may still ask who he is.
    if (fault.kind === "forbidden" && path === "/1.0") return undefined;
    fault.left -= 1;
    return fault.kind;
  }

  async function handle(
    request: IncomingMessage,
    response: ServerResponse,
    stranger: boolean,
  ): Promise<void> {
    const body = await readBody(request);
    const method = request.method ?? "GET";
    const text = `${method} ${request.url}`;
    const url = new URL(request.url ?? "/", "http://fake");
    requests.push(text);
    const { cut } = state;
    const lost = cut?.match.test(text) === true;
    if (lost) state.cut = undefined;
    const fault = takeFault(method, url.pathname);
    const gone = fault === "cut-read" || (lost && cut?.done !== true);
    if (gone) return void request.socket.destroy();
    if (fault === "slow") await new Promise((resolve) => setTimeout(resolve, 1200).unref());
    const given = state.answers.find(({ match }) => match.test(text));
    const answer = faultyAnswer(fault, url.pathname) ?? given ?? route(method, url, body, stranger);
    if (lost || fault === "cut-write") return void request.socket.destroy();
    response.writeHead(answer.status, { "content-type": "application/json" });
    response.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
  }

  const open = async (stranger: boolean) => {
    const server = createServer((request, response) => {
      handle(request, response, stranger).catch((error: Error) => response.destroy(error));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return server;
  };
  const servers = [await open(false), await open(true)];
  const [url = "", strangerUrl = ""] = servers.map(
    (server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  );
  return {
    url,
    strangerUrl,
    state,
    requests,
    writes: () => requests.filter((request) => !request.startsWith("GET ")),
    add,
    close: async () => {
      for (const server of servers) {
        const closed = new Promise<void>((resolve) => server.close(() => resolve()));
        server.closeAllConnections();
        await closed;
      }
    },
  };
}

function faultyAnswer(fault: ConformanceFault | undefined, path: string) {
  switch (fault) {
    case "unauthorized":
      return path === "/1.0" ? ok({ auth: "untrusted" }) : refuse(403, "not authorized");
    case "forbidden":
      return refuse(403, "not authorized");
    case "missing":
      return refuse(404, "not found");
    case "rate-limited":
      return refuse(429, "too many requests");
    case "failing":
      return refuse(503, "LXD daemon is shutting down");
    case "malformed":
      return { status: 200, body: "<html>" };
    default:
      return undefined;
  }
}

/** LXD's filters, as far as they are used: `name eq X or config.volatile.uuid eq Y`. */
function filterOf(text: string | null): (instance: FakeInstance) => boolean {
  if (text === null) return () => true;
  const terms = text.split(" or ").map((term) => term.split(" eq "));
  return ({ name, uid }) => terms.some(([key, value]) => value === (key === "name" ? name : uid));
}

type Body = Record<string, unknown>;

async function readBody(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length === 0 ? {} : (JSON.parse(Buffer.concat(chunks).toString()) as Body);
}
