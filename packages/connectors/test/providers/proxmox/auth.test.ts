import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { ProxmoxSimulator, ProxmoxSimulatorOptions } from "@kappa4/simulator";
import { afterEach, describe, expect, it } from "vitest";
import type {
  ProxmoxConnector,
  ProxmoxOptionsInput,
} from "../../../src/providers/proxmox/index.ts";
import { connectTo, PASSWORD, startCluster, writesTo } from "./target.ts";

const TOTP_SECRET = "JBSWY3DPEHPK3PXP";
const HOUR_MS = 3_600_000;
const byPassword = { type: "password", username: "ops@pve", password: PASSWORD } as const;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function start(
  auth: ProxmoxOptionsInput["auth"] = byPassword,
  options: ProxmoxSimulatorOptions & { readonly totp?: boolean } = {},
): Promise<{ simulator: ProxmoxSimulator; connector: ProxmoxConnector }> {
  const { totp = false, ...rest } = options;
  const users = [
    { id: "ops@pve", password: PASSWORD, ...(totp ? { totpSecret: TOTP_SECRET } : {}) },
  ];
  const simulator = await startCluster({ users, ...rest });
  open.push(simulator);
  const connector = connectTo(simulator, { auth });
  open.push(connector);
  return { simulator, connector };
}

const logins = (simulator: ProxmoxSimulator): readonly number[] =>
  simulator.requests.filter(({ path }) => path === "/access/ticket").map(({ status }) => status);

describe("a login by password", () => {
  it("is one for all calls that wait for it", async () => {
    const { simulator, connector } = await start();
    await Promise.all(Array.from({ length: 10 }, () => connector.ping()));
    expect(logins(simulator)).toEqual([200]);
  });

  it("is not repeated when the password is wrong", async () => {
    const { simulator, connector } = await start({ ...byPassword, password: "wrong" });
    await expect(connector.ping()).rejects.toMatchObject({ code: "auth" });
    expect(logins(simulator)).toEqual([401]);
  });

  it("lasts while its ticket is young", async () => {
    const { simulator, connector } = await start();
    await connector.ping();
    simulator.advance(1.4 * HOUR_MS);
    await connector.ping();
    expect(logins(simulator)).toEqual([200]);
  });

  it("is renewed by age, before the ticket dies", async () => {
    const { simulator, connector } = await start();
    for (let hours = 0; hours < 12; hours += 1) {
      await connector.ping();
      simulator.advance(HOUR_MS);
    }
    expect(logins(simulator)).toEqual(Array.from({ length: 6 }, () => 200));
    expect(simulator.requests.every(({ status }) => status === 200)).toBe(true);
  });

  it("is made anew after a long silence", async () => {
    const { simulator, connector } = await start();
    await connector.ping();
    simulator.advance(48 * HOUR_MS);
    await connector.ping();
    expect(logins(simulator)).toEqual([200, 200]);
  });

  it.each(["old", "new"] as const)(
    "is made anew, once, when a read is refused with the %s text",
    async (text) => {
      const { simulator, connector } = await start();
      await connector.ping();
      simulator.faults.add({ kind: "ticket-expired", text, on: { method: "GET" } });
      await expect(connector.ping()).resolves.toEqual({ version: "9.1.9" });
      expect(logins(simulator)).toEqual([200, 200]);
    },
  );

  it("is made anew when a write is refused, which is then sent again because nothing happened", async () => {
    const { simulator, connector } = await start();
    simulator.faults.add({ kind: "ticket-expired", on: { method: "POST", path: /migrate$/ } });
    const move = await connector.cluster.migrate(200, "pve3", { allowDowntime: true });
    await move.done();
    expect(writesTo(simulator)).toHaveLength(2);
    expect(simulator.moves).toHaveLength(1);
  });

  it("is given up when the new ticket is refused too", async () => {
    const { simulator, connector } = await start();
    await connector.ping();
    simulator.faults.add({ kind: "ticket-expired", times: 2, on: { method: "GET" } });
    await expect(connector.ping()).rejects.toMatchObject({ code: "auth" });
    expect(logins(simulator)).toEqual([200, 200]);
  });

  it("is one also when many calls are refused at the same time", async () => {
    const { simulator, connector } = await start();
    await connector.ping();
    simulator.faults.add({ kind: "ticket-expired", times: 5, on: { method: "GET" } });
    await Promise.all(Array.from({ length: 5 }, () => connector.ping()));
    expect(logins(simulator)).toEqual([200, 200]);
  });

  it("outlasts a broken line", async () => {
    const { simulator, connector } = await start();
    simulator.faults.add({ kind: "cut-before", on: { path: "/access/ticket" }, times: 2 });
    await connector.ping();
    expect(logins(simulator).at(-1)).toBe(200);
  });

  it("outlives the caller who asked first", async () => {
    const { simulator, connector } = await start();
    const stop = new AbortController();
    simulator.faults.add({ kind: "slow", delayMs: 50, on: { path: "/access/ticket" } });
    const first = connector.ping({ signal: stop.signal });
    const second = connector.ping();
    setTimeout(() => stop.abort(new Error("enough")), 10);
    await expect(first).rejects.toThrow("enough");
    await second;
    expect(logins(simulator)).toEqual([200]);
  });
});

describe("what a login brought", () => {
  it("is kept when the only one who waited for it has gone", async () => {
    const { simulator, connector } = await start();
    simulator.faults.add({ kind: "slow", delayMs: 50, on: { path: "/access/ticket" } });
    const stop = new AbortController();
    const loggedIn = new Promise<void>((resolve) => {
      const hear = (message: unknown): void => {
        if (!JSON.stringify(message).includes("/access/ticket")) return;
        unsubscribe("kappa4:request", hear);
        setImmediate(resolve);
      };
      subscribe("kappa4:request", hear);
    });
    const only = connector.ping({ signal: stop.signal });
    setTimeout(() => stop.abort(new Error("enough")), 10);
    await expect(only).rejects.toThrow("enough");
    await loggedIn;
    await connector.ping();
    await connector.ping();
    expect(logins(simulator)).toEqual([200]);
  });

  it("serves also those who ask while it comes in", async () => {
    const { simulator, connector } = await start();
    const calls: Promise<unknown>[] = [];
    // Hundreds of turns of the queue begin when the answer is there, and in each of them somebody asks.
    const ask = async (message: unknown) => {
      if (!JSON.stringify(message).includes("/access/ticket")) return;
      for (let turn = 0; turn < 100; turn += 1) {
        await Promise.resolve();
        calls.push(connector.ping());
      }
    };
    subscribe("kappa4:request", ask);
    try {
      await connector.ping();
      await expect.poll(() => calls.length).toBe(100);
    } finally {
      unsubscribe("kappa4:request", ask);
    }
    await Promise.all(calls);
    expect(logins(simulator)).toEqual([200]);
  });
});

describe("a second factor", () => {
  const withCode = { ...byPassword, totp: TOTP_SECRET };

  it("is not sent again when the line breaks: a new login takes the next code", async () => {
    const { simulator, connector } = await start(withCode, { totp: true });
    const before = simulator.now();
    const on = { path: "/access/ticket", nth: 2 };
    simulator.faults.add({ kind: "cut-after-accept", on });
    await connector.ping();
    expect(logins(simulator)).toHaveLength(4);
    expect(Math.floor(simulator.now() / 30_000)).toBeGreaterThan(Math.floor(before / 30_000));
  });

  it("is given up when the line breaks each time", async () => {
    const { simulator, connector } = await start(withCode, { totp: true });
    // These are requests 2, 4 and 6: one that a fault strikes is not counted by the next.
    for (const nth of [2, 3, 4]) {
      simulator.faults.add({ kind: "cut-after-accept", on: { path: "/access/ticket", nth } });
    }
    await expect(connector.ping()).rejects.toMatchObject({ code: "network" });
    expect(logins(simulator)).toHaveLength(6);
  });

  it("is worked out from its secret", async () => {
    const { simulator, connector } = await start(withCode, { totp: true });
    await connector.ping();
    expect(logins(simulator)).toEqual([200, 200]);
  });

  it("is asked for in words when it is missing", async () => {
    const { connector } = await start(byPassword, { totp: true });
    const error = await connector.ping().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "auth", message: expect.stringContaining("auth.totp") });
  });

  it("is not needed for a renewal", async () => {
    const { simulator, connector } = await start(withCode, { totp: true });
    await connector.ping();
    simulator.advance(1.6 * HOUR_MS);
    await connector.ping();
    expect(logins(simulator)).toEqual([200, 200, 200]);
  });

  it("is never the same code twice", async () => {
    const { simulator, connector } = await start(withCode, { totp: true });
    await connector.ping();
    const before = simulator.now();
    simulator.faults.add({ kind: "ticket-expired", on: { method: "GET" } });
    await connector.ping();
    expect(Math.floor(simulator.now() / 30_000)).toBeGreaterThan(Math.floor(before / 30_000));
    expect(logins(simulator)).toEqual([200, 200, 200, 200]);
  });
});

describe("an API token", () => {
  const wrong = { type: "token", token: "automation@pve!kappa4=wrong" } as const;

  it("needs no login", async () => {
    const simulator = await startCluster();
    open.push(simulator);
    const connector = connectTo(simulator);
    open.push(connector);
    await connector.ping();
    expect(logins(simulator)).toEqual([]);
    expect(simulator.requests[0]?.user).toBe("automation@pve!kappa4");
  });

  it("that is refused is not tried again", async () => {
    const { simulator, connector } = await start(wrong);
    await expect(connector.ping()).rejects.toMatchObject({ code: "auth" });
    expect(simulator.requests).toHaveLength(1);
  });
});

describe("the way to the cluster", () => {
  it.each(["token", "password"] as const)(
    "gives no %s to a node with another certificate",
    async (type) => {
      const simulator = await startCluster();
      open.push(simulator);
      const connector = connectTo(simulator, {
        tls: { verify: "pin", sha256: "ab".repeat(32) },
        ...(type === "password" ? { auth: byPassword } : {}),
      });
      open.push(connector);
      await expect(connector.ping()).rejects.toMatchObject({ code: "auth" });
      expect(simulator.requests).toEqual([]);
    },
  );

  it("takes the cluster's own authority", async () => {
    const simulator = await startCluster();
    open.push(simulator);
    const connector = connectTo(simulator, { tls: { verify: "ca", ca: simulator.ca } });
    open.push(connector);
    await expect(connector.ping()).resolves.toBeDefined();
  });

  it("goes over another node when one is away, with the same ticket", async () => {
    const { simulator } = await start(byPassword, { entryNodes: [{ node: "pve2" }] });
    const connector = connectTo(simulator, { auth: byPassword });
    open.push(connector);
    await connector.ping();
    simulator.faults.add({ kind: "cut-before", on: { node: "pve1" }, times: 100 });
    await connector.cluster.state();
    const move = await connector.cluster.migrate(200, "pve3", { allowDowntime: true });
    await move.done();
    expect(simulator.requests.at(-1)?.node).toBe("pve2");
    expect(logins(simulator)).toEqual([200]);
  });
});
