import type { ProxmoxSimulatorOptions } from "@kappa4/simulator";
import { afterEach, describe, expect, it } from "vitest";
import { connectTo, startCluster, TOKEN_SECRET } from "./target.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

type Token = NonNullable<ProxmoxSimulatorOptions["tokens"]>[number];

const ALL = ["Sys.Audit", "VM.Audit", "VM.Migrate", "Datastore.Audit", "Pool.Audit"];

async function missingWith(...acl: NonNullable<Token["acl"]>): Promise<readonly string[]> {
  const id = "narrow@pve!kappa4";
  const simulator = await startCluster({ tokens: [{ id, secret: TOKEN_SECRET, acl }] });
  open.push(simulator);
  const token = `${id}=${TOKEN_SECRET}`;
  const connector = connectTo(simulator, { auth: { type: "token", token } });
  open.push(connector);
  const missing = await connector.cluster.checkAccess();
  return missing.map(({ privilege, path }) => `${privilege} ${path}`);
}

describe("a check of what the credentials may do", () => {
  it("is content with the documented role", async () => {
    expect(await missingWith({ path: "/", privileges: ALL })).toEqual([]);
  });

  it("sees that a grant further down replaces one from above", async () => {
    const root = { path: "/", privileges: ALL };
    expect(await missingWith(root, { path: "/vms", privileges: ["VM.Audit"] })).toEqual([
      "VM.Migrate /vms",
    ]);
    expect(await missingWith(root, { path: "/nodes", privileges: ["Sys.Console"] })).toEqual([
      "Sys.Audit /nodes",
    ]);
    expect(await missingWith(root, { path: "/storage", role: "NoAccess" })).toEqual([
      "Datastore.Audit /storage",
    ]);
    expect(await missingWith(root, { path: "/vms/117", privileges: ["VM.PowerMgmt"] })).toEqual([
      "VM.Audit /vms/117",
      "VM.Migrate /vms/117",
    ]);
  });

  it("takes no grant for more than it covers", async () => {
    expect(await missingWith({ path: "/", privileges: ALL, propagate: false })).toEqual([
      "Sys.Audit /nodes",
      "VM.Audit /vms",
      "VM.Migrate /vms",
      "Datastore.Audit /storage",
      "Pool.Audit /pool",
    ]);
  });
});
