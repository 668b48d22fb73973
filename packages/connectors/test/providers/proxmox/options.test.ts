import { describe, expect, it } from "vitest";
import { proxmoxOptions } from "../../../src/providers/proxmox/options.ts";

const good = {
  endpoints: ["https://pve1.example:8006"],
  auth: { type: "token", token: "automation@pve!kappa4=12345678-1234-1234-1234-1234567890ab" },
};

describe("the options of a connection", () => {
  it("have defaults for all but address and login", () => {
    expect(proxmoxOptions.parse(good)).toEqual({
      ...good,
      tls: { verify: "system" },
      pollIntervalMs: 1000,
    });
  });

  it("take a password with a second factor, a CA, a pin or several", () => {
    const auth = { type: "password", username: "root@pam", password: "x", totp: "JBSW Y3DP" };
    const sha256 = `${"AB:".repeat(31)}AB`;
    for (const tls of [
      { verify: "ca", ca: "-----BEGIN CERTIFICATE-----\n" },
      { verify: "pin", sha256 },
      { verify: "pin", sha256: [sha256, "ab".repeat(32)] },
      { verify: "none" },
    ]) {
      expect(proxmoxOptions.safeParse({ ...good, auth, tls }).success).toBe(true);
    }
  });

  it.each([
    ["endpoints", { endpoints: [] }],
    ["endpoints.0", { endpoints: ["http://pve1:8006"] }],
    ["endpoints.0", { endpoints: ["https://root:pw@pve1:8006"] }],
    ["auth.type", { auth: { type: "key" } }],
    ["auth.token", { auth: { type: "token", token: "automation@pve" } }],
    ["auth.token", { auth: { type: "token", token: "a@pve!b=c\nd" } }],
    ["auth.username", { auth: { type: "password", username: "root", password: "x" } }],
    ["auth.totp", { auth: { type: "password", username: "r@pam", password: "x", totp: "123456" } }],
    ["tls.sha256", { tls: { verify: "pin", sha256: "abc" } }],
    ["tls.ca", { tls: { verify: "ca", ca: "/etc/pve/ca.pem" } }],
    ["", { timeout: 5 }],
  ])("point at %s in %j", (path, change) => {
    const result = proxmoxOptions.safeParse({ ...good, ...change });
    expect(result.error?.issues[0]?.path.join(".")).toBe(path);
  });
});
