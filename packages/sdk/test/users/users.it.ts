import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isId } from "../../src/ids.ts";
import type { BoundKappa4, RunAnswer } from "../../src/index.ts";
import { type Office, openOffice } from "../core/office.ts";

let office: Office;
let system: BoundKappa4;

beforeAll(async () => {
  office = await openOffice({ sue: "super_admin", ana: "operator", vic: "viewer" });
  system = office.kappa4.as({ actor: { kind: "system" }, via: "slack" });
});

afterAll(() => office[Symbol.asyncDispose]());

function account(name: string) {
  return { platform: "slack", workspace: "T1", account: name };
}

function idOf(answer: RunAnswer): string {
  if (answer.state !== "waiting") throw new Error("it was to wait");
  return answer.approval.id;
}

/** What somebody may do, as their grants say. */
async function rolesOf(user: string): Promise<readonly string[]> {
  return (await office.kappa4.grants.list({ user })).map(({ role }) => role);
}

describe("a chat account", () => {
  it("is nobody's until a person is made of it, who then looks and does no more", async () => {
    const address = account("U1");
    await expect(system.users.resolve(address)).rejects.toMatchObject({ code: "not_found" });
    const made = await system.users.resolve({ ...address, provision: { name: "Tom" } });
    expect(made).toMatchObject({ name: "Tom", status: "active", accounts: [address] });
    expect(await rolesOf(made.id)).toEqual(["viewer"]);
    const again = await system.users.resolve({ ...address, provision: { name: "Tom" } });
    expect(again.id).toBe(made.id);
    expect(await system.users.resolve(address)).toMatchObject({ id: made.id });
    const tom = office.kappa4.as({ actor: { kind: "person", id: made.id }, via: "slack" });
    await expect(tom.runs.list()).resolves.toEqual([]);
    await expect(tom.rebalance.plan()).rejects.toMatchObject({ code: "permission" });
  });

  it("gets the name that its platform tells, and a role that is there", async () => {
    const address = account("U2");
    const made = await system.users.resolve({ ...address, provision: { name: "U2" } });
    const named = await system.users.resolve({ ...address, provision: { name: "Zoe" } });
    expect(named).toMatchObject({ id: made.id, name: "Zoe" });
    const provision = { name: "Max", role: "emperor" };
    await expect(system.users.resolve({ ...account("U3"), provision })).rejects.toMatchObject({
      code: "invalid_argument",
    });
  });

  it("is looked up by Kappa4 itself, and by no person, whatever their role", async () => {
    const provision = { name: "Eve", role: "super_admin" };
    for (const caller of [office.as("sue"), office.as("ana"), office.kappa4]) {
      const refusal = caller.users.resolve({ ...account("U4"), provision });
      await expect(refusal).rejects.toMatchObject({ code: "permission" });
      await expect(caller.users.bring({ people: [] })).rejects.toMatchObject({
        code: "permission",
      });
      const turnedAway = { ...account("U4"), command: "rebalance apply", reason: "Nobody knows." };
      await expect(caller.users.recordRefusal(turnedAway)).rejects.toMatchObject({
        code: "permission",
      });
    }
  });

  it("that was turned away is on record, with what it tried and why, and is still nobody's", async () => {
    const [command, reason] = ["rebalance apply", "You are a guest of this workspace."];
    await system.users.recordRefusal({ ...account("U7"), command, reason, count: 3 });
    const [found] = await office.kappa4.audit.search({ target: "account:slack:T1:U7" });
    expect(found?.entry).toMatchObject({
      ...{ action: "users.recordRefusal", reason, details: { command, count: 3 } },
      actor: { kind: "system", via: "slack" },
    });
    await expect(system.users.resolve(account("U7"))).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("the people of a configuration", () => {
  const mia = { name: "Mia", email: "Mia@example.com", role: "admin", account: account("U5") };

  it("are made known once, with the role of the configuration, which it also takes back", async () => {
    await system.users.bring({ people: [mia] });
    await system.users.bring({ people: [mia] });
    const user = await system.users.resolve(account("U5"));
    expect(user).toMatchObject({ name: "Mia", email: "mia@example.com" });
    expect(await rolesOf(user.id)).toEqual(["admin"]);
    await system.users.bring({ people: [{ ...mia, role: "operator" }] });
    expect(await rolesOf(user.id)).toEqual(["operator"]);
    await system.users.bring({ people: [] });
    expect(await rolesOf(user.id)).toEqual([]);
    expect(await office.kappa4.users.get({ user: "mia@example.com" })).toMatchObject({
      id: user.id,
    });
  });

  it("leave alone what somebody was given by hand", async () => {
    const { id } = await office.kappa4.users.create({ email: "kim@example.com", name: "Kim" });
    const reason = "on call this week";
    await office.through(await office.kappa4.grants.give({ user: id, role: "operator", reason }));
    await system.users.bring({
      people: [{ name: "Kim", email: "kim@example.com", role: "viewer" }],
    });
    expect(await rolesOf(id)).toEqual(["operator", "viewer"]);
    await system.users.bring({ people: [] });
    expect(await rolesOf(id)).toEqual(["operator"]);
  });

  it("take over an account that was somebody's without an address", async () => {
    const address = account("U6");
    const first = await system.users.resolve({ ...address, provision: { name: "Lou" } });
    const lou = { name: "Lou", email: "lou@example.com", role: "operator", account: address };
    await system.users.bring({ people: [lou] });
    const now = await system.users.resolve(address);
    expect(now).toMatchObject({ email: "lou@example.com", name: "Lou" });
    expect(now.id).not.toBe(first.id);
  });

  it("lose the accounts that it no longer names, unless they are disabled", async () => {
    const [old, next] = [account("U7"), account("U8")];
    const ivy = { name: "Ivy", email: "ivy@example.com", role: "admin" };
    await system.users.bring({ people: [{ ...ivy, account: old }] });
    await system.users.bring({ people: [{ ...ivy, account: next }] });
    const known = await system.users.resolve(next);
    expect(known).toMatchObject({ email: ivy.email, accounts: [next] });
    const other = await system.users.resolve({ ...old, provision: { name: "Somebody" } });
    expect(other).toMatchObject({ name: "Somebody", accounts: [old] });
    expect(await rolesOf(other.id)).toEqual(["viewer"]);

    await office.kappa4.users.setStatus({ user: ivy.email, status: "disabled" });
    await system.users.bring({ people: [] });
    const provision = { name: "Ivy again" };
    expect(await system.users.resolve({ ...next, provision })).toMatchObject({
      id: known.id,
      status: "disabled",
    });
  });

  it("cannot have a role that is not there", async () => {
    const people = [{ ...mia, role: "emperor" }];
    await expect(system.users.bring({ people })).rejects.toMatchObject({
      code: "config_invalid",
      message: expect.stringContaining("emperor"),
    });
  });
});

describe("a link", () => {
  const reason = "she has a new account";
  const address = account("U9");

  it("is made with a yes, by who may do as much, and taken away again", async () => {
    const user = "ana@example.com";
    const standIn = await system.users.resolve({ ...address, provision: { name: "Ana?" } });
    const asked = await office.as("sue").users.link({ user, ...address, reason });
    expect(asked).toMatchObject({ state: "waiting", approval: { risk: 4 } });
    const taken = await office.as("sue").approvals.withdraw({ approval: idOf(asked) });
    expect(taken.state).toBe("withdrawn");
    await office.through(await office.kappa4.users.link({ user, ...address, reason }));
    const known = await system.users.resolve(address);
    expect(known).toMatchObject({ email: user, accounts: [address] });
    const other = office.kappa4.users.link({ user: "vic@example.com", ...address, reason });
    await expect(other).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("users.unlink"),
    });
    const mere = office.as("ana").users.unlink(address);
    await expect(mere).rejects.toMatchObject({ code: "permission" });

    const left = await office.as("sue").users.unlink(address);
    expect(left).toMatchObject({ email: user, accounts: [] });
    const target = `user:${left.id}`;
    const [entry] = await office.kappa4.audit.search({ action: "users.unlink", target });
    expect(entry?.entry.targets).toContain(`user:${user}`);
    await expect(system.users.resolve(address)).rejects.toMatchObject({ code: "not_found" });
    const again = await system.users.resolve({ ...address, provision: { name: "Ana?" } });
    expect(again.id).toBe(standIn.id);
    await expect(office.as("sue").users.unlink(address)).rejects.toMatchObject({
      code: "failed_precondition",
      message: expect.stringContaining("users.setStatus"),
    });
  });

  it("that is taken away is nobody's way to anything from then on", async () => {
    const user = "ana@example.com";
    const own = account("U13");
    await office.through(await office.kappa4.users.link({ user, ...own, reason }));
    const { id } = await system.users.resolve(own);
    const caller = { actor: { kind: "person", id }, via: "slack" } as const;
    const { workspace } = own;
    const from = (name: string) =>
      office.kappa4.as({ ...caller, chat: { workspace, account: name, channel: "C1" } });
    const ana = from(own.account);
    await ana.preferences.set({ language: "es" });
    await office.as("sue").users.unlink(own);
    const refusal = { code: "permission", message: expect.stringContaining("this chat account") };
    await expect(ana.preferences.set({ language: "en" })).rejects.toMatchObject(refusal);
    await expect(ana.preferences.get({})).rejects.toMatchObject(refusal);
    expect(await office.as("ana").preferences.get({})).toMatchObject({ language: "es" });
    const [refused] = await office.kappa4.audit.search({ action: "preferences.set", limit: 1 });
    expect(refused?.entry).toMatchObject({
      decision: "refused",
      actor: { id, chat: { workspace, account: own.account } },
    });
    await system.users.resolve({ ...own, provision: { name: "Somebody" } });
    await expect(ana.preferences.set({ language: "en" }), "another's").rejects.toMatchObject(
      refusal,
    );
    await expect(from("U14").preferences.get({}), "nobody's").rejects.toMatchObject(refusal);
  });

  it("is never a way to more than one may do oneself", async () => {
    const give = { role: "clerk", reason: "they look after people" };
    const permissions = ["users.write"] as const;
    const role = { key: "clerk", name: "Clerk", permissions, reason: "people come and go" };
    await office.through(await office.kappa4.roles.create(role));
    await office.through(await office.kappa4.grants.give({ user: "vic@example.com", ...give }));
    const link = { user: "sue@example.com", ...account("U10"), reason };
    await expect(office.as("vic").users.link(link)).rejects.toMatchObject({ code: "permission" });
    await office.through(await office.kappa4.users.link(link));
    await expect(office.as("vic").users.unlink(account("U10"))).rejects.toMatchObject({
      code: "permission",
      message: expect.stringMatching(/^You cannot take an account from sue, who may do more/),
    });
    await office.as("sue").users.unlink(account("U10"));
  });

  it("that the configuration makes is taken away there", async () => {
    const own = account("U11");
    const people = [{ name: "Bea", email: "bea@example.com", role: "viewer", account: own }];
    await system.users.bring({ people });
    await expect(office.as("sue").users.unlink(own)).rejects.toMatchObject({
      code: "failed_precondition",
      message: expect.stringContaining("configuration"),
    });
    await expect(office.as("sue").users.unlink(account("U12"))).rejects.toMatchObject({
      code: "not_found",
    });
  });
});

describe("a person", () => {
  it("is made without any right, once", async () => {
    const made = await office.as("sue").users.create({ email: "New@Example.com", name: "Nia" });
    expect(isId("usr", made.id)).toBe(true);
    expect(made.email).toBe("new@example.com");
    expect(await rolesOf(made.id)).toEqual([]);
    const twice = office.as("sue").users.create({ email: "new@example.com", name: "Other" });
    await expect(twice).rejects.toMatchObject({ code: "already_exists" });
    const mere = office.as("ana").users.create({ email: "x@example.com", name: "X" });
    await expect(mere).rejects.toMatchObject({ code: "permission" });
  });

  it("may do nothing from the moment they are disabled, and the last Super Admin stays", async () => {
    const user = "vic@example.com";
    await expect(office.as("vic").runs.list()).resolves.toBeDefined();
    const { id } = await office.as("sue").users.setStatus({ user, status: "disabled" });
    const target = `user:${id}`;
    expect(await office.kappa4.audit.search({ action: "users.setStatus", target })).toHaveLength(1);
    await expect(office.as("vic").runs.list()).rejects.toMatchObject({ code: "permission" });
    await office.as("sue").users.setStatus({ user, status: "active" });
    await expect(office.as("vic").runs.list()).resolves.toBeDefined();
    const last = office.kappa4.users.setStatus({ user: "sue@example.com", status: "disabled" });
    await expect(last).rejects.toMatchObject({
      code: "failed_precondition",
      message: expect.stringContaining("nobody who is Super Admin"),
    });
  });

  it("is neither disabled nor made active by who may do less than they", async () => {
    // Vic is a clerk by now: users.write, and a Viewer's permissions.
    const clerk = office.as("vic").users;
    const set = (status: "active" | "disabled") => ({ user: "ana@example.com", status });
    await expect(clerk.setStatus(set("disabled"))).rejects.toMatchObject({
      code: "permission",
      message: expect.stringMatching(/^You cannot disable ana, who may do more than you do/),
    });
    await office.as("sue").users.setStatus(set("disabled"));
    await expect(clerk.setStatus(set("active"))).rejects.toMatchObject({
      code: "permission",
      message: expect.stringMatching(/^You cannot make active ana/),
    });
    await office.as("sue").users.setStatus(set("active"));
    const { id: user } = await clerk.create({ email: "low@example.com", name: "Low" });
    expect(await clerk.setStatus({ user, status: "disabled" })).toMatchObject({
      status: "disabled",
    });
  });

  it("is disabled by a Super Admin also as a Guest or an Agent, whose roles stand beside theirs", async () => {
    for (const role of ["guest", "agent"]) {
      const { id: user } = await office.kappa4.users.create({
        email: `${role}@example.com`,
        name: role,
      });
      await office.through(await office.kappa4.grants.give({ user, role, reason: "they came" }));
      const disabled = await office.as("sue").users.setStatus({ user, status: "disabled" });
      expect(disabled).toMatchObject({ status: "disabled" });
      await office.as("sue").users.setStatus({ user, status: "active" });
    }
  });

  it("is seen with their accounts by who may see people", async () => {
    const people = await office.as("ana").users.list();
    expect(people.map(({ name }) => name)).toEqual(expect.arrayContaining(["sue", "ana", "vic"]));
    await expect(office.as("vic").users.list()).rejects.toMatchObject({ code: "permission" });
    await expect(office.as("ana").users.get({ user: "nobody" })).rejects.toMatchObject({
      code: "not_found",
    });
  });
});
