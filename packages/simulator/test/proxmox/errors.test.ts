import { type ProxmoxSimulator, startProxmox } from "@kappa4/simulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, READER, send, TOKEN, tokenHeader } from "./client.ts";

const JSON_TYPE = "application/json;charset=UTF-8";

describe.each(["8.4", "9.1"])("the ways Proxmox VE %s says no", (version) => {
  let simulator: ProxmoxSimulator;

  beforeAll(async () => {
    simulator = await startProxmox({
      version,
      tokens: [TOKEN],
      readOnlyToken: READER,
      password: "right password",
      offline: ["pve4"],
    });
  });
  afterAll(() => simulator.close());

  test("a parameter that makes no sense", async () => {
    const answer = await call(simulator, "POST", "/nodes/pve1/qemu/100/migrate", {
      target: "pve1",
    });
    expect(answer).toMatchObject({
      status: 400,
      reason: "Parameter verification failed.",
      body: {
        data: null,
        message: "Parameter verification failed.\n",
        errors: { target: "target is local node." },
      },
    });
    expect(answer.headers["content-type"]).toBe(JSON_TYPE);
    expect(answer.headers.connection).toBe("close");
  });

  test("an unknown task", async () => {
    const upid = "UPID:pve1:0020C066:042DF204:6B001B4B:qmigrate:100:root@pam:";
    const answer = await call(simulator, "GET", `/nodes/pve1/tasks/${upid}/status`);
    expect(answer).toMatchObject({ status: 400, body: { errors: { upid: "no such task" } } });
  });

  test("a wrong password", async () => {
    const form = { username: "root@pam", password: "wrong password" };
    const answer = await send(simulator, "POST", "/access/ticket", { form });
    expect(answer).toMatchObject({
      status: 401,
      reason: "authentication failure",
      body: { data: null, message: "authentication failure\n" },
    });
    expect(answer.headers["content-type"]).toBe(JSON_TYPE);
  });

  test("no credentials", async () => {
    const answer = await send(simulator, "GET", "/version");
    expect(answer).toMatchObject({ status: 401, reason: "No ticket", text: "" });
    expect(answer.headers["content-type"]).toBeUndefined();
  });

  test("a forged ticket, with the text of today", async () => {
    const headers = { cookie: "PVEAuthCookie=PVE:root@pam:6B001B4B::Zm9yZ2Vk" };
    const answer = await send(simulator, "GET", "/version", { headers });
    expect(answer).toMatchObject({ status: 401, reason: "Authentication failed!", text: "" });
    expect(answer.headers["content-type"]).toBeUndefined();
  });

  test("a write without the CSRF token", async () => {
    const form = { username: "root@pam", password: "right password" };
    const login = await send(simulator, "POST", "/access/ticket", { form });
    const { ticket } = (login.body?.data ?? {}) as { ticket?: string };
    const answer = await send(simulator, "POST", "/nodes/pve1/qemu/100/status/start", {
      headers: { cookie: `PVEAuthCookie=${ticket}` },
      form: {},
    });
    expect(answer).toMatchObject({
      status: 401,
      reason: "Permission denied - invalid csrf token",
      text: "",
    });
  });

  test("a missing privilege", async () => {
    const form = { target: "pve2", online: 1 };
    const answer = await call(simulator, "POST", "/nodes/pve1/qemu/100/migrate", form, READER);
    expect(answer).toMatchObject({
      status: 403,
      reason: "Permission check failed (/vms/100, VM.Migrate)",
      body: { data: null, message: "Permission check failed (/vms/100, VM.Migrate)\n" },
    });
  });

  test("a locked guest", async () => {
    const form = { target: "pve1", online: 1 };
    const answer = await call(simulator, "POST", "/nodes/pve2/qemu/114/migrate", form);
    expect(answer).toMatchObject({
      status: 500,
      reason: "VM is locked (backup)",
      body: { data: null, message: "VM is locked (backup)\n" },
    });
  });

  test("a guest that is not on that node", async () => {
    const text = "Configuration file 'nodes/pve1/qemu-server/999.conf' does not exist";
    const answer = await call(simulator, "GET", "/nodes/pve1/qemu/999/config");
    expect(answer).toMatchObject({ status: 500, reason: text, body: { message: `${text}\n` } });
  });

  test("no quorum", async () => {
    simulator.setQuorum(false);
    const form = { target: "pve2", online: 1 };
    const answer = await call(simulator, "POST", "/nodes/pve1/qemu/100/migrate", form);
    const read = await call(simulator, "GET", "/cluster/resources");
    simulator.setQuorum(true);
    expect(answer).toMatchObject({ status: 500, reason: "cluster not ready - no quorum?" });
    expect(read.status).toBe(200);
  });

  test("an unknown path, and a method that a path does not have", async () => {
    const path = await call(simulator, "GET", "/cluster/nonsense");
    const method = await call(simulator, "PUT", "/version", {});
    expect(path).toMatchObject({
      status: 501,
      reason: "Method 'GET /cluster/nonsense' not implemented",
      body: { data: null, message: "Method 'GET /cluster/nonsense' not implemented" },
    });
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

  test("a node that cannot be reached", async () => {
    const answer = await call(simulator, "GET", "/nodes/pve4/status");
    expect(answer).toMatchObject({ status: 595, reason: "No route to host", text: "" });
    expect(answer.headers["content-type"]).toBeUndefined();
    expect(answer.headers.connection).toBe("close");
  });

  test.each([
    [595, "Connection refused"],
    [596, "Connection timed out"],
    [596, "tls_process_server_certificate: certificate verify failed"],
  ])("%i %s, on request", async (status, reason) => {
    simulator.faults.add({ kind: "status", status, reason, on: { path: "/nodes/*/status" } });
    const answer = await call(simulator, "GET", "/nodes/pve2/status");
    const next = await call(simulator, "GET", "/nodes/pve2/status");
    expect(answer).toMatchObject({ status, reason, text: "" });
    expect(answer.headers["content-type"]).toBeUndefined();
    expect(next.status).toBe(200);
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
  test("HA groups are gone once they were turned into rules, and rules did not exist before", async () => {
    const nine = await startProxmox({ version: "9.1", tokens: [TOKEN] });
    const eight = await startProxmox({ version: "8.4", tokens: [TOKEN] });
    const text = "cannot index groups: ha groups have been migrated to rules";
    expect(await call(nine, "GET", "/cluster/ha/groups")).toMatchObject({
      status: 500,
      reason: text,
      body: { data: null, message: `${text}\n` },
    });
    expect(await call(eight, "GET", "/cluster/ha/rules")).toMatchObject({
      status: 501,
      reason: "Method 'GET /cluster/ha/rules' not implemented",
    });
    await Promise.all([nine.close(), eight.close()]);
  });

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

  test("the message is missing in the body of older daemons", async () => {
    const simulator = await startProxmox({ tokens: [TOKEN], messageInBody: false });
    const answer = await call(simulator, "POST", "/nodes/pve1/qemu/100/migrate", {
      target: "pve1",
    });
    expect(answer.body).toEqual({ data: null, errors: { target: "target is local node." } });
    await simulator.close();
  });
});
