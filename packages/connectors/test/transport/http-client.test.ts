import { channel } from "node:diagnostics_channel";
import { afterEach, describe, expect, it } from "vitest";
import { Kappa4Error, OperationFailedError } from "../../src/index.ts";
import { errorFromStatus } from "../../src/transport/answers.ts";
import {
  createHttpClient,
  type HttpClient,
  type HttpClientOptions,
} from "../../src/transport/http-client.ts";
import {
  type Answer,
  jumpingClock,
  keepingLogger,
  startServer,
  type TestServer,
} from "./server.ts";

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function serve(answer: Answer): Promise<TestServer> {
  const server = await startServer(answer);
  cleanups.push(() => server.close());
  return server;
}

function client(baseUrls: readonly string[], options: Partial<HttpClientOptions> = {}) {
  const clock = jumpingClock();
  const logger = keepingLogger();
  const http: HttpClient = createHttpClient({
    connection: "gold",
    clock,
    random: () => 0.5,
    logger,
    baseUrls,
    tls: { verify: "system" },
    classify: errorFromStatus,
    ...options,
  });
  cleanups.push(() => http.close());
  return { http, clock, logger };
}

async function failure(promise: Promise<unknown>): Promise<Kappa4Error> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!Kappa4Error.is(error)) throw new Error(`expected a Kappa4Error, got ${String(error)}`);
  return error;
}

const CLOSED_PORT = "http://127.0.0.1:1";
const read = { operation: "snapshot" } as const;
const write = { operation: "migrate", target: "vm:100" } as const;

describe("a read", () => {
  it("carries query and headers and gives the answer back", async () => {
    const server = await serve((_, response) => response.writeHead(200, "Fine").end("{}"));
    const { http } = client([`${server.url}/api2/json`]);
    const headers = { authorization: "secret" };
    const query = { a: "x y", b: [1, 2], c: undefined };
    const answer = await http.request("GET", "/nodes", { ...read, headers, query });
    expect(answer).toMatchObject({ status: 200, reason: "Fine", text: "{}" });
    expect(server.seen[0]?.url).toBe("/api2/json/nodes?a=x+y&b=1&b=2");
    expect(server.seen[0]?.headers.authorization).toBe("secret");
  });

  it("is repeated with full jitter until an answer is good", async () => {
    let count = 0;
    const server = await serve((_, response) => {
      count += 1;
      response.writeHead(count < 4 ? 503 : 200).end();
    });
    const { http, clock } = client([server.url]);
    expect((await http.request("GET", "/", read)).status).toBe(200);
    expect(clock.slept).toEqual([125, 250, 500]);
  });

  it("waits at least as long as Retry-After says", async () => {
    let count = 0;
    const server = await serve((_, response) => {
      count += 1;
      response.writeHead(count === 1 ? 429 : 200, { "retry-after": "7" }).end();
    });
    const { http, clock } = client([server.url]);
    await http.request("GET", "/", read);
    expect(clock.slept).toEqual([7125]);
  });

  it("does not wait when Retry-After is above a minute", async () => {
    const server = await serve((_, response) =>
      response.writeHead(429, { "retry-after": "61" }).end(),
    );
    const { http, clock } = client([server.url]);
    const error = await failure(http.request("GET", "/", read));
    expect(error).toMatchObject({ code: "rate_limited", retryAfterMs: 61_000 });
    expect([clock.slept, server.seen.length]).toEqual([[], 1]);
  });

  it("is repeated twice after a failure that nobody knows the meaning of", async () => {
    const server = await serve((_, response) => response.writeHead(500).end());
    const classify: HttpClientOptions["classify"] = ({ status }, { write: isWrite }) =>
      new OperationFailedError(`Answered with ${status}; look.`, { retryable: !isWrite });
    const { http } = client([server.url], { classify });
    expect((await failure(http.request("GET", "/", read))).code).toBe("operation_failed");
    expect(server.seen.length).toBe(3);
    await failure(http.request("POST", "/", write));
    expect(server.seen.length).toBe(4);
  });

  it("gives up after five attempts", async () => {
    const server = await serve((_, response) => response.writeHead(502).end());
    const { http } = client([server.url]);
    expect((await failure(http.request("GET", "/", read))).code).toBe("unavailable");
    expect(server.seen).toHaveLength(5);
  });

  it("gives up when the next wait is longer than the whole budget", async () => {
    const server = await serve((_, response) => response.writeHead(503).end());
    const { http } = client([server.url], { totalTimeoutMs: 300 });
    expect((await failure(http.request("GET", "/", read))).code).toBe("unavailable");
    expect(server.seen).toHaveLength(2);
  });

  it("is not repeated for a mistake of the caller", async () => {
    const server = await serve((_, response) => response.writeHead(404).end());
    const { http } = client([server.url]);
    expect((await failure(http.request("GET", "/", read))).code).toBe("not_found");
    expect(server.seen).toHaveLength(1);
  });

  it("goes to the next entry point at once when one does not answer, and stays there", async () => {
    const server = await serve((_, response) => response.writeHead(200).end());
    const { http, clock } = client([CLOSED_PORT, server.url]);
    await http.request("GET", "/a", read);
    await http.request("POST", "/b", write);
    expect(clock.slept).toEqual([]);
    expect(server.seen.map(({ url }) => url)).toEqual(["/a", "/b"]);
  });

  it("stays away from an entry point that was left, whatever that answers late", async () => {
    const held: (() => void)[] = [];
    const first = await serve((_, response) => held.push(() => response.writeHead(200).end()));
    const second = await serve((_, response) => response.writeHead(200).end());
    const { http } = client([first.url, second.url]);
    const late = http.request("GET", "/a", read);
    await expect.poll(() => held.length).toBe(1);
    expect(http.leave(first.url)).toBe(second.url);
    for (const answer of held) answer();
    expect((await late).baseUrl).toBe(first.url);
    expect((await http.request("GET", "/b", read)).baseUrl).toBe(second.url);
    // Where nobody is any more, it is left no further.
    expect(http.leave(first.url)).toBe(second.url);
  });

  it("ends with timeout when no answer comes in time", async () => {
    const server = await serve(() => undefined);
    const { http } = client([server.url], { timeoutMs: 1000, retries: 1 });
    const error = await failure(http.request("GET", "/", read));
    expect([error.code, error.outcome]).toEqual(["timeout", "not_applied"]);
    expect(server.seen).toHaveLength(2);
  });

  it("cuts a body that never ends", async () => {
    const server = await serve((_, response) => response.writeHead(200).write("half"));
    const { http } = client([server.url], { timeoutMs: 200, retries: 0 });
    expect((await failure(http.request("GET", "/", read))).code).toBe("timeout");
  });

  it("follows no redirect", async () => {
    const server = await serve((_, response) =>
      response.writeHead(302, { location: "/elsewhere" }).end(),
    );
    const { http } = client([server.url]);
    expect((await failure(http.request("GET", "/", read))).code).toBe("protocol");
    expect(server.seen).toHaveLength(1);
  });
});

describe("a write", () => {
  it("sends forms with a length, never in chunks", async () => {
    const server = await serve((_, response) => response.writeHead(200).end());
    const { http } = client([server.url]);
    await http.request("POST", "/", { ...write, form: { target: "pve2", vms: [1, 2] } });
    await http.request("PUT", "/", { ...write, json: { a: 1 } });
    expect(server.seen.map(({ body }) => body)).toEqual(["target=pve2&vms=1&vms=2", '{"a":1}']);
    expect(server.seen.map(({ headers }) => headers["content-length"])).toEqual(["23", "7"]);
    expect(server.seen.map(({ headers }) => headers["transfer-encoding"])).toEqual([
      undefined,
      undefined,
    ]);
  });

  it.each([500, 502, 503])(
    "is sent once when the answer is %i, its fate unknown",
    async (status) => {
      const server = await serve((_, response) => response.writeHead(status).end());
      const { http } = client([server.url]);
      const error = await failure(http.request("POST", "/", write));
      expect([error.code, error.outcome]).toEqual(["unavailable", "unknown"]);
      expect(server.seen).toHaveLength(1);
    },
  );

  it("is sent once when the connection is cut, its fate unknown", async () => {
    const server = await serve((_, __, socket) => socket.destroy());
    const { http } = client([server.url, server.url]);
    const error = await failure(http.request("POST", "/", write));
    expect([error.code, error.outcome]).toEqual(["network", "unknown"]);
    expect(server.seen).toHaveLength(1);
  });

  it("is sent once when no answer comes in time, its fate unknown", async () => {
    const server = await serve(() => undefined);
    const { http } = client([server.url], { timeoutMs: 2000 });
    const error = await failure(http.request("POST", "/", write));
    expect([error.code, error.outcome]).toEqual(["timeout", "unknown"]);
    expect(server.seen).toHaveLength(1);
  });

  it("is known not to have happened when no connection stood, and goes nowhere else", async () => {
    const server = await serve((_, response) => response.writeHead(200).end());
    const { http } = client([CLOSED_PORT, server.url]);
    const error = await failure(http.request("POST", "/", write));
    expect([error.code, error.outcome, error.context]).toEqual([
      "network",
      "not_applied",
      { connector: "gold", operation: "migrate", target: "vm:100" },
    ]);
    expect(server.seen).toHaveLength(0);
  });

  it("never reuses a connection that the server may have closed", async () => {
    const server = await serve((_, response) => response.writeHead(200).end());
    const { http } = client([server.url]);
    await http.request("GET", "/", read);
    await http.request("GET", "/", read);
    const before = server.connections();
    await http.request("POST", "/", write);
    await http.request("POST", "/", write);
    expect(server.connections() - before).toBe(2);
  });
});

describe("stopping", () => {
  it("throws the signal's reason for a request under way", async () => {
    const stop = new AbortController();
    const reason = new Error("enough");
    const server = await serve(() => stop.abort(reason));
    const { http } = client([server.url]);
    await expect(http.request("GET", "/", { ...read, signal: stop.signal })).rejects.toBe(reason);
    await expect(http.request("POST", "/", { ...write, signal: stop.signal })).rejects.toBe(reason);
    expect(server.seen).toHaveLength(1);
  });

  it("throws the signal's reason for a request that waits for its turn", async () => {
    const stop = new AbortController();
    const reason = new Error("enough");
    const server = await serve((seen) => {
      if (seen.url === "/slow") stop.abort(reason);
    });
    const { http } = client([server.url], { concurrency: 1 });
    const slow = failure(http.request("GET", "/slow", { ...read, timeoutMs: 2000, retries: 0 }));
    const waiting = http.request("GET", "/next", { ...read, signal: stop.signal });
    await expect(waiting).rejects.toBe(reason);
    await slow;
    expect(server.seen.map(({ url }) => url)).toEqual(["/slow"]);
  });

  it("ends what is under way when the client is closed", async () => {
    let arrived = (): void => undefined;
    const there = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const server = await serve(() => arrived());
    const { http } = client([server.url]);
    const pending = failure(http.request("POST", "/", write));
    await there;
    await http.close();
    const error = await pending;
    expect([error.code, error.outcome]).toEqual(["failed_precondition", "unknown"]);
    expect((await failure(http.request("GET", "/", read))).code).toBe("failed_precondition");
  });
});

it("keeps the number of requests under way to the limit", async () => {
  let most = 0;
  const held: (() => void)[] = [];
  const server = await serve((_, response) => {
    held.push(() => response.writeHead(200).end());
    most = Math.max(most, held.length);
    if (held.length >= 3) for (const release of held.splice(0)) release();
  });
  const { http } = client([server.url], { concurrency: 3 });
  await Promise.all(Array.from({ length: 12 }, () => http.request("GET", "/", read)));
  expect([most, server.seen.length]).toEqual([3, 12]);
});

it("lets out neither query nor headers nor bodies", async () => {
  const traces: unknown[] = [];
  const listen = (message: unknown): void => {
    traces.push(message);
  };
  channel("kappa4:request").subscribe(listen);
  const server = await serve((_, __, socket) => socket.destroy());
  const { http, logger } = client([server.url], { retries: 0 });
  const error = await failure(
    http.request("POST", "/login", {
      ...write,
      headers: { authorization: "hush-token" },
      query: { q: "hush" },
      form: { password: "hush" },
    }),
  );
  channel("kappa4:request").unsubscribe(listen);
  expect(traces).toMatchObject([{ path: "/login", code: "network", connection: "gold" }]);
  const told = JSON.stringify([error, error.stack, error.cause, logger.entries, traces]);
  expect(told).toContain("/login");
  expect(told).not.toContain("hush");
});

it("keeps a header that cannot be sent out of its error", async () => {
  const { http } = client([CLOSED_PORT], { retries: 0 });
  const headers = { authorization: "hush\nhush" };
  const error = await failure(http.request("GET", "/", { ...read, headers }));
  expect(JSON.stringify([error, error.stack, String(error.cause)])).not.toContain("hush");
});

it.each(["ftp://pve1", "pve1:8006", "https://user:pw@pve1"])("refuses the address %s", (url) => {
  expect(() => client([url])).toThrow(expect.objectContaining({ code: "config_invalid" }));
});
