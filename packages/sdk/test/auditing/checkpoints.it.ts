import { expect, it } from "vitest";
import { newAuditKey } from "../../src/audit/index.ts";
import { createKappa4 } from "../../src/index.ts";
import { closedStore } from "../store/support/fresh-store.ts";

const auth = {
  type: "token",
  token: "automation@pve!kappa4=11111111-2222-4333-8444-555555555555",
};
const lab = { kind: "proxmox", endpoints: ["https://127.0.0.1:1"], auth };

it("are signed with the key of the configuration, which nobody is shown", async () => {
  const made = await closedStore();
  const config = { connections: { lab }, store: made.options };
  const before = await createKappa4(config);
  await before.projects.create({ name: "web" });
  expect(await before.audit.verify()).toMatchObject({ isIntact: true, vouched: 0 });
  await before.close();

  const signed = Promise.withResolvers<string>();
  const ignore = (): void => {};
  const logger = {
    ...{ debug: ignore, warn: ignore, error: ignore },
    info(fields: object, message: string) {
      if (message !== "checkpoint of the audit record") return;
      expect(JSON.stringify(fields)).not.toContain("[secret]");
      signed.resolve("verifiedWith" in fields ? String(fields.verifiedWith) : "");
    },
  };
  const audit = { name: "nights", privateKey: newAuditKey() };
  const kappa4 = await createKappa4({ ...config, audit }, { logger });
  try {
    await kappa4.start();
    const key = await signed.promise;
    expect(key).toMatch(/^nights\+[0-9a-f]{8}\+/);
    const report = await kappa4.audit.verify({ keys: [key] });
    expect(report).toMatchObject({ isIntact: true, vouched: 1, unsigned: 0 });
    expect(JSON.stringify(await kappa4.config.get())).not.toContain("BEGIN PRIVATE");
    expect(JSON.stringify(await kappa4.config.export())).not.toContain("BEGIN PRIVATE");
  } finally {
    await kappa4.close();
    await made.remove();
  }
});
