import { X509Certificate } from "node:crypto";
import { request } from "node:https";
import { connect } from "node:tls";
import { gunzipSync, inflateSync } from "node:zlib";
import { type ProxmoxSimulator, startProxmox } from "@kappa4/simulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, send, TOKEN, tokenHeader } from "./client.ts";

let simulator: ProxmoxSimulator;
beforeAll(async () => {
  simulator = await startProxmox({ tokens: [TOKEN], entryNodes: [{ node: "pve2" }] });
});
afterAll(() => simulator.close());

const LOCAL_DISK_GUEST = "/nodes/pve1/qemu/111/config";

describe("what goes over the wire", () => {
  test("every answer has the headers of the daemon", async () => {
    const answer = await call(simulator, "GET", "/version");
    expect(answer.headers).toMatchObject({
      server: "pve-api-daemon/3.0",
      "content-type": "application/json;charset=UTF-8",
      "cache-control": "max-age=0",
      pragma: "no-cache",
    });
    expect(answer.headers["content-length"]).toBe(String(answer.text.length));
  });

  test("form, JSON and query mean the same, and booleans come in any form", async () => {
    for (const online of ["1", "on", "Yes", "TRUE"]) {
      const form = { target: "pve1", online };
      const answer = await call(simulator, "POST", "/nodes/pve1/qemu/100/migrate", form);
      expect(answer.body?.errors).toEqual({ target: "target is local node." });
    }
    const headers = tokenHeader(TOKEN);
    const path = "/nodes/pve1/qemu/100/migrate";
    const json = await send(simulator, "POST", path, {
      headers,
      json: { target: "pve1", online: true },
    });
    const query = await send(simulator, "POST", `${path}?target=pve1&online=0`, {
      headers,
      form: {},
    });
    const wrong = await send(simulator, "POST", path, {
      headers,
      json: { target: "pve1", online: "maybe" },
    });
    expect(json.body?.errors).toEqual({ target: "target is local node." });
    expect(query.body?.errors).toEqual({ target: "target is local node." });
    expect(wrong.body?.errors).toEqual({ online: "type check ('boolean') failed - got 'maybe'" });
  });

  test("a cache buster is dropped, any other unknown parameter is not", async () => {
    const dropped = await call(simulator, "GET", "/version?_dc=123");
    const unknown = await call(simulator, "GET", "/version?dc=123");
    expect(dropped.status).toBe(200);
    expect(unknown.status).toBe(400);
  });

  test("the path is decoded before it is looked up", async () => {
    const answer = await call(simulator, "GET", "/nodes%2Fpve1%2Fqemu%2F111/config");
    expect(answer.status).toBe(200);
  });

  test.each([
    ["gzip", gunzipSync],
    ["deflate", inflateSync],
  ] as const)(
    "large answers are compressed with %s when the client can",
    async (encoding, unpack) => {
      const large = await raw("/cluster/resources", { "accept-encoding": encoding });
      const small = await raw("/version", { "accept-encoding": encoding });
      expect(large.encoding).toBe(encoding);
      expect(JSON.parse(unpack(large.bytes).toString())).toHaveProperty("data");
      expect(small.encoding).toBeUndefined();
    },
  );

  test("a body above 512 KiB is refused before it is read", async () => {
    const answer = await send(simulator, "POST", "/nodes/pve1/qemu/100/config", {
      headers: { ...tokenHeader(TOKEN), "content-type": "application/x-www-form-urlencoded" },
      raw: `description=${"x".repeat(513 * 1024)}`,
    });
    expect(answer.status).toBe(501);
  });

  test("a good answer keeps the connection, a bad one ends it", async () => {
    const good = await call(simulator, "GET", LOCAL_DISK_GUEST);
    const bad = await call(simulator, "GET", "/nodes/pve1/qemu/999/config");
    expect(good.status).toBe(200);
    expect(bad.headers.connection).toBe("close");
  });

  test("the format of the web interface always says 200 and tells the rest in the body", async () => {
    const base = simulator.url.replace(/$/, "");
    const answer = await new Promise<{ status: number; text: string }>((resolve, reject) => {
      const url = `${base}/api2/extjs/nodes/pve1/qemu/999/config`;
      request(url, { headers: tokenHeader(TOKEN), ca: simulator.ca, agent: false }, (incoming) => {
        let text = "";
        incoming.on("data", (chunk: Buffer) => {
          text += chunk.toString();
        });
        incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, text }));
      })
        .on("error", reject)
        .end();
    });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({ success: 0, status: 500, data: null });
  });
});

describe("certificates", () => {
  test("the cluster's own authority vouches for the node, and the fingerprint is the node's", async () => {
    const certificate = await new Promise<X509Certificate>((resolve, reject) => {
      const socket = connect(
        { host: "127.0.0.1", port: simulator.port, servername: "localhost", ca: simulator.ca },
        () => {
          resolve(new X509Certificate(socket.getPeerCertificate(true).raw));
          socket.destroy();
        },
      );
      socket.on("error", reject);
    });
    expect(certificate.fingerprint256).toBe(simulator.fingerprint);
    expect(certificate.checkIP("127.0.0.1")).toBe("127.0.0.1");
    expect(certificate.checkHost("pve1")).toBe("pve1");
    expect(certificate.verify(new X509Certificate(simulator.ca).publicKey)).toBe(true);
  });

  test("every node has one of its own, and the list of nodes tells its fingerprint", async () => {
    const answer = await call(simulator, "GET", "/nodes");
    const nodes = answer.body?.data as { node: string; ssl_fingerprint: string }[];
    const told = new Map(nodes.map((node) => [node.node, node.ssl_fingerprint]));
    expect(simulator.entries.map((entry) => entry.node)).toEqual(["pve1", "pve2"]);
    for (const entry of simulator.entries) expect(told.get(entry.node)).toBe(entry.fingerprint);
    expect(new Set(told.values()).size).toBe(4);
    expect(told.get("pve4")).toMatch(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  });
});

describe("entry nodes", () => {
  test("each port plays its node; one that is down takes no connection", async () => {
    const [, second] = simulator.urls;
    const local = async (url: string | undefined): Promise<string | undefined> => {
      const headers = tokenHeader(TOKEN);
      const answer = await send(simulator, "GET", "/cluster/status", { headers, url: url ?? "" });
      const entries = answer.body?.data as { name: string; local?: number }[];
      return entries.find((entry) => entry.local === 1)?.name;
    };
    expect([await local(simulator.url), await local(second)]).toEqual(["pve1", "pve2"]);
    simulator.setNodeOnline("pve2", false, { guestsSurvive: true });
    await expect(local(second)).rejects.toThrow();
    simulator.setNodeOnline("pve2", true);
    expect(await local(second)).toBe("pve2");
  });
});

describe("in the same process", () => {
  test("a standard request is answered without a socket", async () => {
    const headers = tokenHeader(TOKEN);
    const url = "https://pve1:8006/api2/json/version";
    const good = await simulator.fetch(url, { headers });
    const bad = await simulator.fetch("https://pve1:8006/api2/json/nodes/pve1/qemu/100/migrate", {
      method: "POST",
      headers,
      body: new URLSearchParams({ target: "pve1" }),
    });
    expect(await good.json()).toMatchObject({ data: { release: "9.1" } });
    expect([bad.status, bad.statusText]).toEqual([400, "Parameter verification failed."]);
    simulator.faults.add({ kind: "cut-before" });
    await expect(simulator.fetch(url, { headers })).rejects.toThrow(TypeError);
  });
});

async function raw(
  path: string,
  headers: Record<string, string>,
): Promise<{ bytes: Buffer; encoding: string | undefined }> {
  return await new Promise((resolve, reject) => {
    request(
      `${simulator.url}/api2/json${path}`,
      { headers: { ...tokenHeader(TOKEN), ...headers }, ca: simulator.ca, agent: false },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("end", () =>
          resolve({
            bytes: Buffer.concat(chunks),
            encoding: incoming.headers["content-encoding"],
          }),
        );
      },
    )
      .on("error", reject)
      .end();
  });
}
