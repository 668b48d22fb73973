import { expect, it } from "vitest";
import { CONNECTOR_KINDS, loadConnector } from "../src/index.ts";

const DOORS = {
  ".": () => import("../src/index.ts"),
  "./testing": () => import("../src/testing/index.ts"),
  "./lxd": () => import("../src/providers/lxd/index.ts"),
  "./proxmox": () => import("../src/providers/proxmox/index.ts"),
  "./proxmox-api": () => import("../src/providers/proxmox/proxmox-api.ts"),
};

it("opens these doors and no others", async () => {
  const names: Record<string, string[]> = {};
  for (const [door, load] of Object.entries(DOORS)) names[door] = Object.keys(await load()).sort();
  expect(names).toMatchInlineSnapshot(`
    {
      ".": [
        "CONNECTOR_KINDS",
        "ConfigInvalidError",
        "ERROR_CODES",
        "Kappa4Error",
        "OperationFailedError",
        "ProtocolError",
        "REDACTED",
        "RateLimitedError",
        "defineConnector",
        "hiding",
        "isSecretKey",
        "loadConnector",
        "redactText",
      ],
      "./lxd": [
        "lxd",
      ],
      "./proxmox": [
        "proxmox",
      ],
      "./proxmox-api": [
        "asProxmoxApi",
      ],
      "./testing": [
        "describeConnector",
      ],
    }
  `);
});

it.each(CONNECTOR_KINDS)("loads the connector of kind %s", async (kind) => {
  expect((await loadConnector(kind)).kind).toBe(kind);
});

it.each(["vmware", "constructor", ""])("knows no connector of kind %j", async (kind) => {
  await expect(loadConnector(kind)).rejects.toMatchObject({ code: "not_found" });
});
