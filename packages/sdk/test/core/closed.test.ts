import { expect, it } from "vitest";
import { createKappa4 } from "../../src/index.ts";

it("says of a Kappa4 that is closed that it is", async () => {
  const kappa4 = await createKappa4({
    connections: {
      lab: {
        kind: "proxmox",
        endpoints: ["https://127.0.0.1:8006"],
        auth: { type: "token", token: "lab@pve!kappa4=00000000-0000-4000-8000-000000000000" },
      },
    },
    store: { path: "never-made" },
  });
  await kappa4.close();
  await expect(kappa4.runs.list()).rejects.toMatchObject({
    code: "failed_precondition",
    message: expect.stringContaining("is closed"),
  });
});
