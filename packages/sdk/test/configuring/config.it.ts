import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBranch, waiting } from "../core/branch.ts";
import { type Office, openOffice } from "../core/office.ts";

let office: Office;
const note = "nights are quiet";

beforeAll(async () => {
  office = await openOffice({ vic: "viewer", leo: "admin", ada: "admin", sue: "super_admin" });
});

afterAll(() => office[Symbol.asyncDispose]());

describe("the configuration", () => {
  it("is shown without secrets", async () => {
    const view = await office.as("vic").config.get();
    expect(view.file).toMatchObject({
      connections: { lab: { kind: "proxmox", endpoints: ["https://127.0.0.1:1"] } },
    });
    expect(JSON.stringify(view)).not.toContain("11111111-2222-4333-8444-555555555555");
    expect(view.stored).toMatchObject({ approvals: { revision: 1 } });
    expect(view.effective.approvals.stepUpFrom).toBe("never");
  });

  it("is checked before anybody is asked", async () => {
    const { config } = office.as("leo");
    const value = { balancines: 5, limits: { memoryUsed: 90 } };
    const problems = await config.validate({ section: "balancing", value });
    expect(problems.map(({ path }) => path)).toEqual(["limits.memoryUsed", "balancines"]);
    expect(await config.validate({ section: "balancing", value: { balanciness: 5 } })).toEqual([]);
    await expect(config.update({ section: "balancing", value, note })).rejects.toMatchObject({
      code: "invalid_argument",
      message: expect.stringContaining("limits.memoryUsed: must be at most 1, not 90"),
    });
    const own = office.as("vic").config.update({ section: "apply", value: {}, note });
    await expect(own).rejects.toMatchObject({ code: "permission" });
    const approvals = office.kappa4.config.update({ section: "approvals", value: {}, note });
    await expect(approvals).rejects.toMatchObject({ code: "failed_precondition" });
  });

  it("of how others approve is changed by nobody below a Super Admin", async () => {
    const section = "approvals";
    const ways = (name: string) => {
      const { config } = office.as(name);
      const value = { quorum: { "2": { approvals: 0 } } };
      return [
        () => config.update({ section, value, note }),
        () => config.restore({ section, revision: 1, note }),
      ];
    };
    for (const ask of ways("leo")) {
      await expect(ask()).rejects.toMatchObject({
        code: "permission",
        message: expect.stringContaining("needs the permission system.write"),
      });
    }
    for (const ask of ways("sue")) {
      await expect(ask()).rejects.toMatchObject({ code: "failed_precondition" });
    }
  });

  it("of how others approve is changed by Super Admins, where no file says it, and back", async () => {
    const staff = { leo: "admin", sue: "super_admin", sam: "super_admin" };
    const { as, through } = await openBranch(office, "north", staff);
    const section = "approvals";
    const held = async () => (await as("leo").config.get()).effective.approvals.quorum[2];
    const value = { quorum: { "2": { approvals: 0 } } };
    const asked = await as("sue").config.update({ section, value, note });
    const { approval, hash } = waiting(asked);
    const shown = await as("leo").approvals.get({ approval });
    expect(shown.approvers.map(({ name }) => name)).toEqual(["sam"]);
    expect(shown.does.facts).toContainEqual({
      name: "quorum.2.approvals",
      value: "1, the usual → 0",
    });
    const refused = { code: "permission", message: expect.stringContaining("ask sam") };
    await expect(as("leo").approvals.approve({ approval, hash })).rejects.toMatchObject(refused);
    const denied = as("leo").approvals.deny({ approval, reason: note });
    await expect(denied).rejects.toMatchObject(refused);
    expect(await through(asked, "sam")).toMatchObject({ state: "succeeded" });
    expect(await held()).toMatchObject({ approvals: 0 });
    const back = await as("sam").config.restore({ section, revision: 0, note });
    expect(await through(back, "sue")).toMatchObject({ state: "succeeded" });
    expect(await held()).toMatchObject({ approvals: 1 });
  });

  it("is changed with others' yes, and changed back", async () => {
    const { config } = office.as("leo");
    const value = { balanciness: 5, memoryReserveBytes: { defaults: "8 GiB" } };
    const asked = await config.update({ section: "balancing", value, note });
    expect(asked).toMatchObject({ state: "waiting", approval: { risk: 3, reason: note } });
    expect(asked.plan.content).toMatchObject({
      changes: [{ path: "balanciness", after: 5 }, { path: "memoryReserveBytes" }],
    });
    const run = await office.through(asked, "ada", "sue");
    expect(run).toMatchObject({ state: "succeeded", result: { revision: 1 } });
    const stored = { balanciness: 5, memoryReserveBytes: { defaults: 8 * 1024 ** 3 } };
    expect((await config.get()).effective.balancing).toEqual(stored);

    const second = { section: "balancing", value: { balanciness: 8 }, note, after: 1 } as const;
    await office.through(await office.kappa4.config.update(second));
    await expect(office.kappa4.config.update(second)).rejects.toMatchObject({ code: "conflict" });
    expect(await config.diff({ section: "balancing" })).toEqual({
      from: 1,
      to: 2,
      changes: [
        { path: "balanciness", before: 5, after: 8 },
        { path: "memoryReserveBytes", before: { defaults: 8 * 1024 ** 3 }, after: undefined },
      ],
    });
    expect(await config.export()).toMatchObject({ balancing: { balanciness: 8 } });

    const back = { section: "balancing", revision: 1, note: "days are not" } as const;
    await office.through(await office.kappa4.config.restore(back));
    const revisions = await config.history({ section: "balancing" });
    expect(revisions.map(({ revision, note: why }) => [revision, why])).toEqual([
      [3, "days are not"],
      [2, note],
      [1, note],
    ]);
    expect(revisions[0]?.value).toEqual(stored);
    await expect(config.restore({ ...back, revision: 9 })).rejects.toMatchObject({
      code: "not_found",
    });

    // Before the first revision all was as in the file, which says nothing of it.
    await office.through(await office.kappa4.config.restore({ ...back, revision: 0 }));
    const { stored: now, effective } = await config.get();
    expect(now.balancing).toMatchObject({ revision: 4, value: {} });
    expect(effective.balancing).toEqual({});
    expect(await config.diff({ section: "balancing", from: 0 })).toEqual({
      ...{ from: 0, to: 4 },
      changes: [],
    });
  });

  it("is not changed past what somebody else has changed meanwhile", async () => {
    const ask = (maxParallel: number) =>
      ({ section: "apply", value: { maxParallel }, note }) as const;
    const late = await office.as("leo").config.update(ask(2));
    await office.through(await office.kappa4.config.update(ask(3)));
    expect(await office.through(late, "ada", "sue")).toMatchObject({ state: "stale" });
    expect((await office.kappa4.config.get()).effective.apply).toEqual({ maxParallel: 3 });
  });
});
