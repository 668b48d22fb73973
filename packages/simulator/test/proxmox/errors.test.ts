import { type ProxmoxSimulator, startProxmox } from "@kappa4/simulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, data, send, TOKEN, tokenHeader } from "./client.ts";

// What other people's clients are driven through stands in error-cases.ts; this is what they cannot ask or never meet.
describe.each(["8.4", "9.1"])("the ways Proxmox VE %s says no", (version) => {
  let simulator: ProxmoxSimulator;

  beforeAll(async () => {
    simulator = await startProxmox({
      version,
      tokens: [TOKEN],
    });
  });
  afterAll(() => simulator.close());

  test("a forged ticket, with the text of today", async () => {
    const headers = { cookie: "PVEAuthCookie=PVE:root@pam:6B001B4B::Zm9yZ2Vk" };
    const answer = await send(simulator, "GET", "/version", { headers });
    expect(answer).toMatchObject({ status: 401, reason: "Authentication failed!", text: "" });
    expect(answer.headers["content-type"]).toBeUndefined();
  });

  test("no quorum, while reading goes on", async () => {
    simulator.setQuorum(false);
    const form = { target: "pve2", online: 1 };
    const answer = await call(simulator, "POST", "/nodes/pve1/qemu/100/migrate", form);
    const read = await call(simulator, "GET", "/cluster/resources");
    simulator.setQuorum(true);
    expect(answer).toMatchObject({ status: 500, reason: "cluster not ready - no quorum?" });
    expect(read.status).toBe(200);
  });

  test("a method that a path does not have", async () => {
    const method = await call(simulator, "PUT", "/version", {});
    expect(method).toMatchObject({ status: 501, reason: "Method 'PUT /version' not implemented" });
  });

  test.each(["HEAD", "PATCH", "OPTIONS"])("the method %s", async (method) => {
    const answer = await send(simulator, method, "/version", { headers: tokenHeader(TOKEN) });
    expect(answer).toMatchObject({
      status: 501,
      reason: `method '${method}' not available`,
      text: "",
    });
    expect(answer.headers["content-type"]).toBeUndefined();
  });

  test.each(["GET", "DELETE"])("a body on %s", async (method) => {
    const answer = await send(simulator, method, "/nodes/pve1/qemu/100", {
      headers: tokenHeader(TOKEN),
      raw: "purge=1",
    });
    expect(answer).toMatchObject({
      status: 501,
      reason: `Unexpected content for method '${method}'`,
      text: `Unexpected content for method '${method}'`,
    });
  });

  test("a chunked request", async () => {
    const answer = await send(simulator, "POST", "/nodes/pve1/qemu/100/status/start", {
      headers: { ...tokenHeader(TOKEN), "transfer-encoding": "chunked" },
      raw: "timeout=1",
      chunked: true,
    });
    expect(answer.status).toBe(501);
  });

  test("a node that others cannot reach, until they can again", async () => {
    simulator.setNodeUnreached("pve2", "refused");
    const answer = await call(simulator, "GET", "/nodes/pve2/status");
    const nodes = await data<{ node: string; status: string }[]>(simulator, "/nodes");
    simulator.setNodeUnreached("pve1", "refused");
    const own = await call(simulator, "GET", "/nodes/pve1/status");
    simulator.setNodeUnreached("pve1", undefined);
    simulator.setNodeUnreached("pve2", undefined);
    const next = await call(simulator, "GET", "/nodes/pve2/status");
    expect(answer).toMatchObject({ status: 595, reason: "Connection refused", text: "" });
    expect(nodes.find(({ node }) => node === "pve2")?.status).toBe("online");
    expect([own.status, next.status]).toEqual([200, 200]);
  });

  test("an unknown node in the path", async () => {
    const answer = await call(simulator, "GET", "/nodes/nowhere/status");
    expect(answer.status).toBe(500);
    expect(answer.reason).toMatch(/^hostname lookup 'nowhere' failed/);
  });

  test("a call that only root@pam may make, and one that no token may make", async () => {
    const execute = await call(simulator, "POST", "/nodes/pve1/execute", { commands: "[]" });
    const login = await call(simulator, "POST", "/access/ticket", {
      username: "a@pve",
      password: "x",
    });
    expect(execute).toMatchObject({
      status: 403,
      reason: "Permission check failed (user != root@pam)",
    });
    expect(login).toMatchObject({
      status: 403,
      reason: "URI '/access/ticket' not available with API token, need proper ticket.",
    });
  });
});

describe("what depends on the version", () => {
  test.each([
    ["8.4.16", "permission denied - invalid PVE ticket"],
    ["8.4.17", "Authentication failed!"],
    ["9.0.11", "permission denied - invalid PVE ticket"],
    ["9.1.4", "permission denied - invalid PVE ticket"],
    ["9.1.5", "Authentication failed!"],
  ])("pve-manager %s refuses a ticket with: %s", async (version, reason) => {
    const simulator = await startProxmox({ version });
    const headers = { cookie: "PVEAuthCookie=PVE:root@pam:6B001B4B::Zm9yZ2Vk" };
    const answer = await send(simulator, "GET", "/version", { headers });
    expect(answer).toMatchObject({ status: 401, reason });
    await simulator.close();
  });
});
