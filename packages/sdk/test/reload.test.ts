import { ConfigInvalidError, hiding } from "@kappa4/connectors";
import { expect, test } from "vitest";
import type { Kappa4Config } from "../src/config/index.ts";
import { reloaded, withoutSecrets } from "../src/reload.ts";

const gold = { kind: "proxmox", endpoints: ["https://gold:8006"] };
const before: Kappa4Config = {
  connections: { gold, silver: { ...gold, balancing: { balanciness: 5 } } },
  balancing: { balanciness: 10 },
  apply: {},
  store: { path: ".kappa4" },
};

test("the same again changes nothing", () => {
  const { config, ...rest } = reloaded(before, structuredClone(before));
  expect(rest).toEqual({ taken: [], needsProcess: [] });
  expect(config).toEqual({ ...before, approvals: undefined });
});

test("how clusters are levelled, plans carried out and approved is taken", () => {
  const after: Kappa4Config = {
    ...before,
    $schema: "https://example.com/schema.json",
    connections: { gold: { ...gold, balancing: { balanciness: 3 } }, silver: gold },
    balancing: { balanciness: 4 },
    apply: { onFailure: "continue" },
    approvals: { openMs: 60_000 },
  };
  const { config, taken, needsProcess } = reloaded(before, after);
  expect(taken).toEqual([
    ...["balancing", "apply", "approvals"],
    ...["connections.gold.balancing", "connections.silver.balancing"],
  ]);
  expect(needsProcess).toEqual([]);
  expect(config).toMatchObject({
    balancing: { balanciness: 4 },
    apply: { onFailure: "continue" },
    connections: { gold: { balancing: { balanciness: 3 } } },
  });
  expect(config.connections.silver?.balancing).toBeUndefined();
});

test("rules of approval that are taken out go on as they are kept, and an empty section is news", () => {
  const ruled: Kappa4Config = { ...before, approvals: { local: "required" } };
  const without = reloaded(ruled, before);
  expect(without).toMatchObject({ taken: [], needsProcess: [] });
  expect(without.config.approvals).toBeUndefined();
  expect(reloaded(ruled, { ...ruled, approvals: {} }).taken).toEqual(["approvals"]);
});

test("what was opened with it stays, and is named", () => {
  const after: Kappa4Config = {
    ...before,
    connections: { gold: { ...gold, endpoints: ["https://other:8006"] }, bronze: gold },
    store: { path: "elsewhere" },
    people: [{ name: "Ana", email: "ana@example.com", role: "admin" }],
    slack: { port: 1 },
  };
  const { config, taken, needsProcess } = reloaded(before, after);
  expect(taken).toEqual([]);
  expect(needsProcess.toSorted()).toEqual([
    ...["connections.bronze", "connections.gold", "connections.silver"],
    ...["people", "slack", "store"],
  ]);
  expect(config).toMatchObject({ connections: before.connections, store: before.store });
});

test("what cannot be read tells no secret that stands in the wrong place", () => {
  const token = "a-configured-secret";
  const message = `balancing.method: must be one of memory, cpu or disk, not "${token}"`;
  const error = new ConfigInvalidError(message, [{ path: "balancing.method", message }]);
  const told = withoutSecrets(error, hiding({ token }));
  expect(told).toBeInstanceOf(ConfigInvalidError);
  expect(JSON.stringify([told, Object(told).issues, String(told)])).not.toContain(token);
  expect(Object(told).issues).toEqual([
    { path: "balancing.method", message: message.replace(token, "[secret]") },
  ]);
});
