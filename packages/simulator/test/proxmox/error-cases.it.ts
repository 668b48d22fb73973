import { performance } from "node:perf_hooks";
import type { ProxmoxSimulator } from "@kappa4/simulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Client, casesOf, type ErrorCase, errorCases, type World } from "./error-cases.ts";
import { provokeByCv4pve, provokeByProxmoxApi, provokeRaw, type Refusal } from "./error-drives.ts";
import { openWorlds, TIME_SCALE } from "./error-worlds.ts";

const VERIFY = "NODE_TLS_REJECT_UNAUTHORIZED";
const verifyBefore = process.env[VERIFY];
const drives: readonly (readonly [
  Client,
  (s: ProxmoxSimulator, c: ErrorCase) => Promise<Refusal>,
])[] = [
  ["proxmox-api", provokeByProxmoxApi],
  ["cv4pve", provokeByCv4pve],
];

beforeAll(() => {
  // proxmox-api has no option for a certificate authority; this is what its users set.
  process.env[VERIFY] = "0";
});
afterAll(() => {
  if (verifyBefore === undefined) delete process.env[VERIFY];
  else process.env[VERIFY] = verifyBefore;
});

describe.each(["8.4", "9.1"])("how Proxmox VE %s says no", (version) => {
  const cases = casesOf(version);
  let worlds: Readonly<Record<World, ProxmoxSimulator>>;

  beforeAll(async () => {
    worlds = await openWorlds(version);
    return async () => {
      await Promise.all(Object.values(worlds).map((simulator) => simulator.close()));
    };
  });

  test.each(cases)("on the wire: $name", async (wanted) => {
    const began = performance.now();
    const answer = await provokeRaw(worlds[wanted.world], wanted);
    const tookMs = (performance.now() - began) * TIME_SCALE;
    const isBare = typeof wanted.body === "string";
    expect([answer.status, answer.reason]).toEqual([wanted.status, wanted.reason]);
    expect(isBare ? answer.text : answer.body).toEqual(wanted.body);
    expect(answer.headers.connection).toBe("close");
    const type = isBare ? undefined : "application/json;charset=UTF-8";
    expect(answer.headers["content-type"]).toBe(type);
    // A timer may ring a millisecond early.
    expect(tookMs).toBeGreaterThanOrEqual(wanted.heldMs - 2 * TIME_SCALE);
  });

  describe.each(drives)("%s", (client, provoke) => {
    const possible = cases.filter(({ cannot }) => cannot?.[client] === undefined);

    test.each(possible)("understands $name", async (wanted) => {
      const { status, reason, body } = wanted;
      const refusal = await provoke(worlds[wanted.world], wanted);
      expect(refusal).toEqual({ status, reason, body });
    });
  });

  test("proxmox-api logs in again at the text of before January 2026", async () => {
    const expired = cases.find(({ as, world }) => as === "expired ticket" && world === "before");
    if (!expired) throw new RangeError("That case is missing.");
    await expect(provokeByProxmoxApi(worlds.before, expired)).rejects.toThrow("was not refused");
    const last = worlds.before.requests.slice(-3).map(({ path, status }) => `${status} ${path}`);
    expect(last).toEqual(["401 /version", "200 /access/ticket", "200 /version"]);
  });
});

test("every case is driven by a client of somebody else", () => {
  const clients: readonly Client[] = ["proxmoxer", "proxmox-api", "cv4pve"];
  const undriven = errorCases.filter(({ cannot }) => clients.every((client) => cannot?.[client]));
  expect(undriven).toEqual([]);
});
