import { createHmac } from "node:crypto";
import { type ProxmoxSimulator, startProxmox } from "@kappa4/simulator";
import { afterEach, describe, expect, test } from "vitest";
import { type Answer, call, data, send, TOKEN, tokenHeader } from "./client.ts";

const HOUR_MS = 3_600_000;
const SECRET = "JBSWY3DPEHPK3PXP";
let simulator: ProxmoxSimulator;

afterEach(() => simulator.close());

interface Login {
  readonly ticket: string;
  readonly CSRFPreventionToken: string;
  readonly username: string;
  readonly NeedTFA?: number;
  readonly clustername?: string;
  readonly cap?: Record<string, Record<string, number>>;
}

async function login(form: Record<string, string>): Promise<Login> {
  const answer = await send(simulator, "POST", "/access/ticket", { form });
  expect(answer.status).toBe(200);
  return answer.body?.data as Login;
}

function asUser(session: Login, encoded = false): Record<string, string> {
  const ticket = encoded ? encodeURIComponent(session.ticket) : session.ticket;
  return {
    cookie: `PVEAuthCookie=${ticket}`,
    csrfpreventiontoken: session.CSRFPreventionToken,
  };
}

async function refused(form: Record<string, string>): Promise<Answer> {
  const answer = await send(simulator, "POST", "/access/ticket", { form });
  expect(answer).toMatchObject({ status: 401, reason: "authentication failure" });
  return answer;
}

describe("password and ticket", () => {
  test("a login gives a ticket, a CSRF token and what the user may do", async () => {
    simulator = await startProxmox({ password: "pw-of-root" });
    const session = await login({ username: "root@pam", password: "pw-of-root" });
    expect(session.ticket).toMatch(/^PVE:root@pam:[0-9A-F]{8}::/);
    expect(session.clustername).toBe("lab");
    expect(session.cap?.vms).toMatchObject({ "VM.Migrate": 1 });
    const raw = await send(simulator, "GET", "/version", { headers: asUser(session) });
    const encoded = await send(simulator, "GET", "/version", { headers: asUser(session, true) });
    expect([raw.status, encoded.status]).toEqual([200, 200]);
  });

  test("the realm may come apart, as JSON too", async () => {
    simulator = await startProxmox({ password: "pw-of-root" });
    const json = { username: "root", realm: "pam", password: "pw-of-root" };
    const answer = await send(simulator, "POST", "/access/ticket", { json });
    expect(answer.body?.data).toMatchObject({ username: "root@pam" });
  });

  test("a write needs the CSRF token of the same user, a read does not", async () => {
    simulator = await startProxmox({ password: "pw-of-root" });
    const session = await login({ username: "root@pam", password: "pw-of-root" });
    const path = "/nodes/pve4/qemu/118/status/start";
    const withIt = await send(simulator, "POST", path, { headers: asUser(session), form: {} });
    const { cookie } = asUser(session) as { cookie: string };
    const withoutIt = await send(simulator, "POST", path, { headers: { cookie }, form: {} });
    expect([withIt.status, withoutIt.status]).toEqual([200, 401]);
  });

  test("a ticket lives for two hours and renews itself while it does", async () => {
    simulator = await startProxmox({ password: "pw-of-root" });
    const first = await login({ username: "root@pam", password: "pw-of-root" });
    simulator.advance(1.5 * HOUR_MS);
    const second = await login({ username: "root@pam", password: first.ticket });
    simulator.advance(HOUR_MS);
    const old = await send(simulator, "GET", "/version", { headers: asUser(first) });
    const renewed = await send(simulator, "GET", "/version", { headers: asUser(second) });
    expect([old.status, renewed.status]).toEqual([401, 200]);
    await refused({ username: "root@pam", password: first.ticket });
  });

  test("root's ticket makes tickets for others, nobody else's does", async () => {
    simulator = await startProxmox({
      password: "pw-of-root",
      users: [{ id: "ops@pve", password: "pw-of-ops" }],
    });
    const root = await login({ username: "root@pam", password: "pw-of-root" });
    const ops = await login({ username: "ops@pve", password: root.ticket });
    expect(ops.username).toBe("ops@pve");
    await refused({ username: "root@pam", password: ops.ticket });
  });

  test("the ticket wins over a token", async () => {
    simulator = await startProxmox({ tokens: [TOKEN] });
    const headers = { ...tokenHeader(TOKEN), cookie: "PVEAuthCookie=PVE:root@pam:6B001B4B::eA==" };
    expect((await send(simulator, "GET", "/version", { headers })).status).toBe(401);
  });

  test("a disabled or expired user stays outside", async () => {
    simulator = await startProxmox({
      users: [
        { id: "off@pve", password: "pw-of-user", enable: false },
        { id: "old@pve", password: "pw-of-user", expire: 1 },
      ],
    });
    await refused({ username: "off@pve", password: "pw-of-user" });
    await refused({ username: "old@pve", password: "pw-of-user" });
  });
});

describe("second factor", () => {
  const user = { id: "ops@pve", password: "pw-of-ops", totpSecret: SECRET };

  test("the password alone gives half a ticket, the code of the moment makes it whole", async () => {
    simulator = await startProxmox({ users: [user] });
    const half = await login({ username: "ops@pve", password: "pw-of-ops" });
    expect(half).toMatchObject({ NeedTFA: 1, username: "ops@pve" });
    expect(half.ticket).toMatch(/^PVE:!tfa!/);
    expect((await send(simulator, "GET", "/version", { headers: asUser(half) })).status).toBe(401);
    const code = codeAt(Math.floor(simulator.now() / 1000));
    const form = { username: "ops@pve", password: `totp:${code}`, "tfa-challenge": half.ticket };
    const whole = await login(form);
    expect((await send(simulator, "GET", "/version", { headers: asUser(whole) })).status).toBe(200);
  });

  test("the old way, code and password in one call, works too", async () => {
    simulator = await startProxmox({ users: [user] });
    const otp = codeAt(Math.floor(simulator.now() / 1000));
    const session = await login({ username: "ops@pve", password: "pw-of-ops", otp });
    expect(session.NeedTFA).toBeUndefined();
  });

  test("a wrong code, a stale one and a stranger's half ticket are refused", async () => {
    simulator = await startProxmox({ users: [user, { ...user, id: "dev@pve" }] });
    const half = await login({ username: "ops@pve", password: "pw-of-ops" });
    const seconds = Math.floor(simulator.now() / 1000);
    const answerWith = (username: string, code: string): Record<string, string> => ({
      username,
      password: `totp:${code}`,
      "tfa-challenge": half.ticket,
    });
    await refused(answerWith("ops@pve", "000000"));
    await refused(answerWith("ops@pve", codeAt(seconds - 300)));
    await refused(answerWith("dev@pve", codeAt(seconds)));
  });

  test("after eight wrong codes the right one is refused as well, a recovery key is not", async () => {
    simulator = await startProxmox({ users: [{ ...user, recoveryKeys: ["abcd-ef01"] }] });
    const { ticket } = await login({ username: "ops@pve", password: "pw-of-ops" });
    const attempt = (password: string): Record<string, string> => ({
      username: "ops@pve",
      password,
      "tfa-challenge": ticket,
    });
    for (let i = 0; i < 8; i++) await refused(attempt("totp:000000"));
    await refused(attempt(`totp:${codeAt(Math.floor(simulator.now() / 1000))}`));
    await login(attempt("recovery:abcd-ef01"));
    await refused(attempt("recovery:abcd-ef01"));
  });
});

describe("API tokens", () => {
  test("a separated token has no more than its own rights, cut with its user's", async () => {
    simulator = await startProxmox({
      users: [
        { id: "ops@pve", password: "pw-of-ops", acl: [{ path: "/vms", role: "PVEVMAdmin" }] },
      ],
      tokens: [
        { id: "ops@pve!bare", secret: "secret-1", privsep: true },
        {
          id: "ops@pve!some",
          secret: "secret-2",
          privsep: true,
          acl: [{ path: "/vms/100", privileges: ["VM.Audit", "Sys.Audit"] }],
        },
        { id: "ops@pve!full", secret: "secret-3" },
      ],
    });
    const seen = async (name: string, secret: string): Promise<unknown> =>
      await data(simulator, "/access/permissions", { id: `ops@pve!${name}`, secret });
    expect(await seen("bare", "secret-1")).toEqual({});
    expect(await seen("some", "secret-2")).toEqual({ "/vms/100": { "VM.Audit": 1 } });
    expect(await seen("full", "secret-3")).toMatchObject({ "/vms": { "VM.Migrate": 1 } });
  });

  test("a token runs out", async () => {
    const token = { id: "ops@pve!short", secret: "secret-1" };
    const startAt = Date.UTC(2026, 5, 1);
    const expire = startAt / 1000 + 60;
    simulator = await startProxmox({ startAt, tokens: [{ ...token, expire }] });
    const before = await call(simulator, "GET", "/version", undefined, token);
    simulator.advance(61_000);
    const after = await call(simulator, "GET", "/version", undefined, token);
    expect([before.status, after.status]).toEqual([200, 401]);
  });

  test("a token that is made over the API sees nothing until it is given rights", async () => {
    simulator = await startProxmox({ tokens: [TOKEN] });
    const made = await call(simulator, "POST", "/access/users/automation@pve/token/fresh", {});
    const { value = "" } = (made.body?.data ?? {}) as { value?: string };
    const token = { id: "automation@pve!fresh", secret: value };
    expect(made.body?.data).toMatchObject({ "full-tokenid": token.id });
    expect(await data(simulator, "/access/permissions", token)).toEqual({});
    const listed = await data<{ tokenid: string }[]>(
      simulator,
      "/access/users/automation@pve/token",
    );
    expect(listed.map((entry) => entry.tokenid)).toEqual(["kappa4", "fresh"]);
    expect(JSON.stringify(listed)).not.toContain(value);
  });

  test("what was asked for is logged without a secret", async () => {
    simulator = await startProxmox({ tokens: [TOKEN], password: "pw-of-root" });
    await call(simulator, "GET", "/cluster/resources?type=vm");
    await send(simulator, "POST", "/access/ticket", {
      form: { username: "root@pam", password: "pw-of-root" },
    });
    expect(simulator.requests).toMatchObject([
      { method: "GET", path: "/cluster/resources", status: 200, user: TOKEN.id, node: "pve1" },
      { method: "POST", path: "/access/ticket", status: 200, user: "" },
    ]);
    const text = JSON.stringify(simulator.requests);
    expect(text).not.toContain(TOKEN.secret);
    expect(text).not.toContain("pw-of-root");
  });
});

// RFC 6238 written again, so that the simulator's own code is not its own witness; secret "Hello!\xDE\xAD\xBE\xEF".
function codeAt(seconds: number): string {
  const key = Buffer.from("48656c6c6f21deadbeef", "hex");
  const counter = Buffer.alloc(8);
  counter.writeUInt32BE(Math.floor(seconds / 30), 4);
  const digest = createHmac("sha1", key).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 15;
  const number = digest.readUInt32BE(offset) & 0x7fffffff;
  return String(number).slice(-6).padStart(6, "0");
}
