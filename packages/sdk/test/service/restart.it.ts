import { expect, it } from "vitest";
import { createKappa4, type Kappa4ConfigInput, systemClock } from "../../src/index.ts";
import { closedStore } from "../store/support/fresh-store.ts";

const reason = "the file has changed";

const auth = {
  type: "token",
  token: "automation@pve!kappa4=11111111-2222-4333-8444-555555555555",
};
const lab = { kind: "proxmox", endpoints: ["https://127.0.0.1:1"], auth };

it("reads the configuration again, takes what may change, and says what a new process needs", async () => {
  const made = await closedStore();
  const config: Kappa4ConfigInput = { connections: { lab }, store: made.options };
  let file: Kappa4ConfigInput = config;
  const kappa4 = await createKappa4(config, { readAgain: async () => file });
  try {
    file = {
      ...config,
      balancing: { balanciness: 7 },
      approvals: { openMs: 600_000 },
      connections: { lab, more: lab },
    };
    expect(await kappa4.service.restart({ reason })).toEqual({
      taken: ["balancing", "approvals"],
      needsProcess: ["connections.more"],
    });
    expect((await kappa4.config.get()).effective).toMatchObject({
      balancing: { balanciness: 7 },
      approvals: { openMs: 600_000 },
    });
    expect(kappa4.connections).toEqual(["lab"]);
    const [entry] = await kappa4.audit.search({ action: "config.reloaded" });
    expect(entry?.entry.details).toMatchObject({ needsProcess: ["connections.more"] });

    // What is not said any more is not taken: the rules that are kept go on.
    file = { ...config, balancing: { balanciness: 7 } };
    const nothing = { taken: [], needsProcess: [] };
    expect(await kappa4.service.restart({ reason })).toEqual(nothing);
    const [last] = await kappa4.audit.search({ action: "config.reloaded" });
    expect(last?.entry.details).toMatchObject(nothing);
    const kept = (await kappa4.config.get()).effective.approvals;
    expect(kept).toMatchObject({ openMs: 600_000 });
    file = { ...file, approvals: {} };
    expect(await kappa4.service.restart({ reason })).toMatchObject({ taken: ["approvals"] });
    expect((await kappa4.config.get()).effective.approvals.openMs).toBe(3_600_000);

    file = { connections: { lab: { ...lab, kind: "proxmx" } }, balancing: { balanciness: 1 } };
    await expect(kappa4.service.restart({ reason })).rejects.toMatchObject({
      code: "config_invalid",
    });
    expect((await kappa4.config.get()).effective.balancing).toMatchObject({ balanciness: 7 });
  } finally {
    await kappa4.close();
    await made.remove();
  }
});

it("takes what is on record, and nothing else, wherever it fails", async () => {
  const made = await closedStore();
  const config: Kappa4ConfigInput = { connections: { lab }, store: made.options };
  let balanciness = 1;
  let left = Number.POSITIVE_INFINITY;
  let fuse = 0;
  const now = (): number => {
    left -= 1;
    if (left === 0) throw new Error("no time is left");
    return systemClock.now();
  };
  const kappa4 = await createKappa4(config, {
    clock: { ...systemClock, now },
    async readAgain() {
      // Whoever reads in the middle of a transaction would wait for it here.
      await kappa4.users.list();
      left = fuse;
      return { ...config, balancing: { balanciness } };
    },
  });
  try {
    let kept = 0;
    let isOver = false;
    while (!isOver) {
      fuse += 1;
      balanciness += 1;
      isOver = await kappa4.service.restart({ reason }).then(
        () => left > 0,
        () => false,
      );
      left = Number.POSITIVE_INFINITY;
      const entries = await kappa4.audit.search({ action: "config.reloaded" });
      const { effective } = await kappa4.config.get();
      const isTaken = effective.balancing?.balanciness === balanciness;
      expect(isTaken, `at ${fuse}`).toBe(entries.length > kept);
      kept = entries.length;
    }
    expect(fuse).toBeGreaterThan(3);
  } finally {
    await kappa4.close();
    await made.remove();
  }
});
