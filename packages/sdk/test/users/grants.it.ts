import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../src/clock.ts";
import type { BoundKappa4 } from "../../src/index.ts";
import { type Office, openOffice } from "../core/office.ts";

let office: Office;
let sue: BoundKappa4;
let now = Date.parse("2040-03-01T08:00:00Z");

beforeAll(async () => {
  const staff = { sue: "super_admin", sam: "super_admin", ana: "admin", vic: "viewer" };
  const clock = { ...systemClock, now: () => ++now };
  office = await openOffice({ ...staff, zoe: "viewer" }, undefined, clock);
  sue = office.as("sue");
});

afterAll(() => office[Symbol.asyncDispose]());

const reason = "on call from today";
const user = "vic@example.com";

describe("a role", () => {
  it("is given when another Super Admin says so, and by no one person alone", async () => {
    const asked = await sue.grants.give({
      user,
      role: "operator",
      scope: "connection:lab",
      reason,
    });
    expect(asked).toMatchObject({ state: "waiting", plan: { risk: 4, connection: "kappa4" } });
    expect(asked).not.toHaveProperty("warning");
    if (asked.state !== "waiting") throw new Error("it was to wait");
    const { id: approval, hash } = asked.approval;
    await expect(sue.approvals.approve({ approval, hash })).rejects.toMatchObject({
      code: "permission",
    });
    await expect(office.as("ana").approvals.approve({ approval, hash })).rejects.toMatchObject({
      code: "permission",
    });
    expect((await sue.grants.list({ user })).map(({ role }) => role)).toEqual(["viewer"]);
    const run = await office.through(asked, "sam");
    expect(run).toMatchObject({ state: "succeeded", error: undefined });
    expect(await sue.grants.list({ user })).toMatchObject([
      { role: "viewer", scope: "org" },
      { role: "operator", scope: "connection:lab", isConfigured: false, expiresAt: undefined },
    ]);
  });

  it("is given on a connection that is not configured, with a word that it reaches nothing", async () => {
    const scope = "connection:lba";
    const asked = await sue.grants.give({ user, role: "viewer", scope, reason });
    const warning =
      "The configuration has no connection lba; did you mean lab? The grant reaches nothing until there is one.";
    expect(asked).toMatchObject({ state: "waiting", warning });
    const shown = asked.state === "waiting" ? asked.approval.id : "";
    expect((await sue.approvals.get({ approval: shown })).does?.facts).toContainEqual({
      name: "Note",
      value: warning,
    });
    const { state, result } = await office.through(asked, "sam");
    expect({ state, result }).toMatchObject({ state: "succeeded", result: { scope, warning } });
    const grant = String(Object(result).id);
    await office.through(await sue.grants.revoke({ grant, reason }), "sam");
  });

  it("is taken away the same way, and once", async () => {
    const [, given] = await sue.grants.list({ user });
    const grant = given?.id ?? "";
    const run = await office.through(await sue.grants.revoke({ grant, reason }), "sam");
    expect(run.state).toBe("succeeded");
    expect(await sue.grants.list({ user })).toHaveLength(1);
    await expect(sue.grants.revoke({ grant, reason })).rejects.toMatchObject({
      code: "not_found",
    });
    const whose = String(given?.user);
    for (const action of ["grants.revoke", "grant.revoked"]) {
      const [entry] = await sue.audit.search({ action, target: `user:${whose}`, limit: 1 });
      expect(entry?.entry.targets).toContain(`grant:${grant}`);
    }
    const [taken] = await sue.audit.search({ action: "grant.revoked", limit: 1 });
    expect(taken?.entry).toMatchObject({
      targets: [`grant:${grant}`, `user:${whose}`, "role:operator"],
      details: { name: "vic", role: "operator", scope: "connection:lab" },
    });
  });

  it("is not said to be taken away when it was given anew meanwhile", async () => {
    now += 60_000;
    const give = { user: "ana@example.com", role: "operator", reason };
    const held = async () => (await sue.grants.list({ user: give.user })).at(-1);
    const expiresAt = new Date(now + 86_400_000);
    await office.through(await office.kappa4.grants.give({ ...give, expiresAt }));
    const asked = await sue.grants.revoke({ grant: (await held())?.id ?? "", reason });
    await office.through(await office.kappa4.grants.give(give));
    expect(await office.through(asked, "sam")).toMatchObject({
      state: "stale",
      error: { code: "plan_stale", message: expect.stringContaining("given anew, or taken") },
    });
    expect(await held()).toMatchObject({ role: "operator", expiresAt: undefined });
  });

  it("ends when it was said to, and only then", async () => {
    const expiresAt = new Date("2100-01-01T00:00:00Z");
    const asked = await sue.grants.give({ user, role: "operator", expiresAt, reason });
    await office.through(asked, "sam");
    expect((await sue.grants.list({ user })).at(-1)).toMatchObject({ expiresAt });
  });

  it("on what governs cannot be given: that takes the whole organisation", async () => {
    const give = { user, role: "super_admin", scope: "connection:kappa4", reason };
    await expect(sue.grants.give(give)).rejects.toMatchObject({
      code: "invalid_argument",
      message: "The role super_admin cannot be given on connection:kappa4.",
    });
  });

  it("that was mistyped is guessed", async () => {
    const give = { user: "zoe@example.com", role: "oprator", reason };
    await expect(sue.grants.give(give)).rejects.toMatchObject({
      code: "invalid_argument",
      message: "There is no role oprator; did you mean operator?",
    });
    await expect(sue.grants.give({ ...give, role: "pilot" })).rejects.toMatchObject({
      message: expect.stringMatching(/^There is no role pilot; there are .*viewer.*\.$/),
    });
  });

  it("is given again when it has run out, or for longer, and not twice", async () => {
    const give = { user: "zoe@example.com", role: "operator", reason };
    const ends = async () =>
      (await sue.grants.list({ user: give.user })).map(({ expiresAt }) => expiresAt?.getTime());
    const expiresAt = new Date(now + 60_000);
    await office.through(await sue.grants.give({ ...give, expiresAt }), "sam");
    now += 120_000;
    const later = new Date(now + 60_000);
    const again = await office.through(await sue.grants.give({ ...give, expiresAt: later }), "sam");
    expect(again).toMatchObject({ state: "succeeded", error: undefined });
    expect(await ends()).toEqual([undefined, later.getTime()]);
    await expect(sue.grants.give({ ...give, expiresAt: later })).rejects.toMatchObject({
      code: "already_exists",
    });
    await office.through(await sue.grants.give(give), "sam");
    expect(await ends()).toEqual([undefined, undefined]);
    await expect(sue.grants.give({ ...give, expiresAt: later })).rejects.toMatchObject({
      code: "already_exists",
    });
    const people = [{ name: "zoe", email: give.user, role: "operator" }];
    await office.ourselves.users.bring({ people });
    expect(await ends()).toEqual([undefined, undefined]);
  });

  it("is not given when it would be over before it begins", async () => {
    const give = { user, role: "viewer", reason, expiresAt: new Date(now - 1) };
    await expect(sue.grants.give(give)).rejects.toMatchObject({
      code: "invalid_argument",
      message: expect.stringContaining("name a later end"),
    });
  });

  it("takes its end as text, as the command line gives it", async () => {
    now += 60_000;
    const text = "2100-02-01T09:30:00+01:00";
    const input = JSON.parse(JSON.stringify({ user, role: "admin", reason, expiresAt: text }));
    await office.through(await sue.grants.give(input), "sam");
    expect((await sue.grants.list({ user })).at(-1)?.expiresAt).toEqual(new Date(text));
    const { id: grant } = (await sue.grants.list({ user })).at(-1) ?? { id: "" };
    await office.through(await sue.grants.revoke({ grant, reason }), "sam");
    await expect(sue.grants.give({ ...input, expiresAt: "tomorrow" })).rejects.toMatchObject({
      code: "invalid_argument",
      message: expect.stringContaining("must be a time such as"),
    });
    const from = JSON.parse('{"from":"2020-01-01T00:00:00Z"}');
    await expect(sue.events.list(from)).resolves.toBeDefined();
    await expect(sue.audit.search(from)).resolves.toBeDefined();
  });

  it("cannot be given by who may not, nor beyond what the giver holds", async () => {
    const give = { user, role: "operator", reason };
    await expect(office.as("ana").grants.give(give)).rejects.toMatchObject({ code: "permission" });
    await expect(sue.grants.give({ ...give, role: "platform_admin" })).rejects.toMatchObject({
      code: "permission",
      message: expect.stringContaining("goes beyond what you hold yourself"),
    });
    await expect(sue.grants.give({ ...give, role: "emperor" })).rejects.toMatchObject({
      code: "invalid_argument",
    });
    await expect(sue.grants.give({ ...give, scope: "everything" })).rejects.toMatchObject({
      code: "invalid_argument",
    });
    await expect(sue.grants.give({ ...give, user: "nobody" })).rejects.toMatchObject({
      code: "not_found",
    });
  });

  it("is not given by who has lost theirs before it was approved", async () => {
    const asked = await office.as("sam").grants.give({ user, role: "admin", reason });
    await office.kappa4.users.setStatus({ user: "sam@example.com", status: "disabled" });
    const run = await office.through(asked, "sue");
    expect(run).toMatchObject({ state: "skipped", error: { code: "permission" } });
    expect((await office.kappa4.grants.list({ user })).map(({ role }) => role)).not.toContain(
      "admin",
    );
    await office.kappa4.users.setStatus({ user: "sam@example.com", status: "active" });
  });

  it("is taken from one of three Super Admins by the other two: neither do they decide, nor count", async () => {
    const third = { user, role: "super_admin", reason };
    await office.through(await office.kappa4.grants.give(third));
    const held = await sue.grants.list({ user });
    const grant = held.find(({ role }) => role === "super_admin")?.id ?? "";
    const asked = await sue.grants.revoke({ grant, reason });
    if (asked.state !== "waiting") throw new Error("it was to wait");
    const { id: approval, hash, quorum } = asked.approval;
    expect(quorum).toEqual({ approvals: 1, admins: 1, superAdmins: 1 });
    const { approvals } = office.as("vic");
    const refused = {
      code: "permission",
      message: "This takes something from yourself, so others decide; ask sam.",
    };
    await expect(approvals.approve({ approval, hash })).rejects.toMatchObject(refused);
    await expect(approvals.deny({ approval, reason })).rejects.toMatchObject(refused);
    await expect(approvals.withdraw({ approval, reason })).rejects.toMatchObject(refused);
    // Nor does a freeze hold it up, whoever made it.
    await office.as("vic").service.stop({ reason });
    expect((await office.through(asked, "sam")).state).toBe("succeeded");
    expect((await office.through(await office.kappa4.service.start({ reason }))).state).toBe(
      "succeeded",
    );
  });

  it("of the last Super Admin stays", async () => {
    const own = async (name: string): Promise<string> => {
      const grants = await office.kappa4.grants.list({ user: `${name}@example.com` });
      return grants.find(({ role }) => role === "super_admin")?.id ?? "";
    };
    const first = await office.kappa4.grants.revoke({ grant: await own("sam"), reason });
    expect((await office.through(first)).state).toBe("succeeded");
    const last = office.kappa4.grants.revoke({ grant: await own("sue"), reason });
    await expect(last).rejects.toMatchObject({ code: "failed_precondition" });
  });
});
