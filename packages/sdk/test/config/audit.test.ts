import { expect, test } from "vitest";
import { newAuditKey } from "../../src/audit/index.ts";
import { parseConfig } from "../../src/config/index.ts";
import { createKappa4 } from "../../src/index.ts";

const auth = {
  type: "token",
  token: "automation@pve!kappa4=11111111-2222-4333-8444-555555555555",
};
const lab = { kind: "proxmox", endpoints: ["https://127.0.0.1:1"], auth };

test("a key for checkpoints is one in PEM, and its name fits a note", async () => {
  const privateKey = newAuditKey();
  const audit = { name: "kappa4.example.com", privateKey };
  expect((await parseConfig({ connections: { lab }, audit })).audit).toEqual(audit);
  await (await createKappa4({ connections: { lab }, audit })).close();
  for (const [wrong, message] of [
    [{ privateKey: "hunter2" }, /audit\.privateKey: must be an Ed25519 key in PEM/],
    [{ privateKey, name: "two words" }, /audit\.name: must have neither spaces nor a plus/],
    [{ name: "kappa4" }, /audit\.privateKey/],
  ] as const) {
    const config = { connections: { lab }, audit: wrong } as unknown as {
      readonly connections: Record<string, typeof lab>;
    };
    await expect(parseConfig(config)).rejects.toThrow(message);
  }
  const broken = { privateKey: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n" };
  const opened = createKappa4({ connections: { lab }, audit: broken });
  await expect(opened).rejects.toMatchObject({ code: "invalid_argument" });
});
