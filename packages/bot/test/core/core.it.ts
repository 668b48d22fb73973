import { Kappa4Error } from "@kappa4/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { viewText } from "../../src/view/text.ts";
import { buttonsOf, shownText } from "../support/fake-surface.ts";
import { buildHouse, buttonNamed, type House, planId, type Room } from "../support/room.ts";

let house: House;

beforeAll(async () => {
  house = await buildHouse();
});

afterAll(() => house.close());

const DRY_RUN = "dry-run gold --max-moves 5";

/** The newest message that begins so. */
function newest({ surface }: Room, beginning: string) {
  return surface.messages.findLast((message) => shownText(message).startsWith(beginning));
}

describe("a plan in chat", () => {
  it("is posted once with its buttons, however often its request arrives", async () => {
    const room = house.open();
    const content = { kind: "text", command: "rebalance", text: DRY_RUN } as const;
    const request = room.surface.request(content, { keys: ["envelope:1"] });
    const [said] = await Promise.all([
      room.send(request),
      room.send(request),
      room.send({ ...request, keys: ["trigger:1", "envelope:1"] }),
    ]);
    expect(said).toBe("Reading gold and planning; nothing is changed.");
    expect(room.surface.messages).toHaveLength(1);
    const [apply, ...others] = buttonsOf(room.surface.messages[0]?.views[0]);
    expect([apply, ...others].map((action) => action?.label)).toEqual([
      "Apply",
      "Explain",
      "Run again",
      "Discard",
    ]);
    expect(apply?.confirm?.text).toMatch(
      /^5 guests move between .* of cluster .*: balance \d+ → \d+ points\..* Hash [0-9a-f]{4} [0-9a-f]{4}\.$/,
    );
  });

  it("is on record with the account and the channel that it was asked for in", async () => {
    const [newest] = await house.kappa4.audit.search({ action: "rebalance.plan", limit: 1 });
    const chat = { workspace: "T1", account: "UANA", channel: "C1" };
    expect(newest?.entry.actor).toMatchObject({ via: "slack", chat });
  });

  it("is replaced by one that is made again with the same words, and set aside", async () => {
    const room = house.open();
    await room.type("dry-run gold --method cpu --drain 'pve1, pve2' --max-moves 4");
    const first = planId(room.surface);
    expect(shownText(room.surface.messages[0])).toContain(
      "Run again: /rebalance dry-run gold --method cpu --max-moves 4 --maintenance pve1,pve2",
    );
    await room.press("Run again");
    const second = planId(room.surface);
    expect(second).not.toBe(first);
    await room.shows(`Plan ${first}`, `Replaced by plan ${second}`);
    await room.type(`apply ${first}`);
    expect(room.whispered()).toContain(`Plan ${first} was discarded; make a new one.`);
    await room.press("Discard");
    expect(room.whispered()).toContain("is discarded; nothing was changed.");
    await room.shows(`Plan ${second}`, "Discarded: nobody can apply it any more.");
    expect(buttonsOf(newest(room, `Plan ${second}`)?.views.at(-1))).toEqual([]);
  });

  it("is set aside by who made it, or by who may apply plans", async () => {
    const room = house.open();
    await room.type(DRY_RUN, "UANA");
    const id = planId(room.surface);
    await room.type(`discard ${id}`, "UTOM");
    expect(room.whispered("UTOM")).toContain("needs the permission rebalance.plan");
    await room.type(`discard ${id}`, "UEVA");
    expect(room.whispered("UEVA")).toContain(`Plan ${id} with 5 moves is discarded`);
    await room.type(`discard ${id}`, "UANA");
    expect(room.whispered()).toContain("was discarded already");
  });

  it("says which connection is meant, and what was mistyped", async () => {
    const room = house.open();
    await room.type("dry-run");
    expect(room.whispered()).toContain("Say which connection is meant; there are: gold, silver.");
    await room.type("dry-run glod");
    expect(room.whispered()).toContain("Did you mean gold?");
    await room.type("explain P-NONE");
    expect(room.whispered()).toContain("There is no such thing here");
    await room.send(room.surface.request({ kind: "button", value: "old" }));
    expect(room.whispered()).toContain("This button is no longer valid");
  });
});

describe("who somebody is", () => {
  it("decides what they may: a new member looks, an operator plans, a guest gets help", async () => {
    const room = house.open();
    await room.type(DRY_RUN, "UTOM");
    expect(room.whispered("UTOM")).toMatch(/needs the permission rebalance.plan.*Operator/);
    expect(room.surface.messages).toHaveLength(0);
    await room.type(DRY_RUN);
    await room.press("Apply", "UTOM");
    expect(room.whispered("UTOM")).toContain("needs the permission rebalance.run");
    await room.press("Explain", "UTOM");
    expect(room.whispered("UTOM")).toContain("Why · plan P-");
    await room.type(DRY_RUN, "GUS");
    expect(room.whispered("GUS")).toContain("You are a guest.");
    expect(await room.type("help", "GUS")).toContain("/rebalance dry-run");
    expect(house.gold.moves).toHaveLength(0);
    expect(room.logged.filter(({ message }) => message === "request was refused")).toHaveLength(3);
    const people = await house.kappa4.users.list();
    expect(people.filter(({ name }) => name === "GUS")).toEqual([]);
    const refused = await house.kappa4.audit.search({ target: "account:slack:T1:GUS" });
    expect(refused.map(({ entry }) => [entry.action, entry.reason, entry.details])).toEqual([
      ["users.recordRefusal", "You are a guest.", { command: "rebalance dry-run", count: 1 }],
    ]);
    expect(people.filter(({ name }) => name === "UTOM")).toHaveLength(1);
  });
});

describe("an account that is somebody else's since a moment", () => {
  it("does nothing more as who had it, and the next time what its new person may", async () => {
    const room = house.open();
    const person = (account: string, name = account, role = "operator") => ({
      ...{ name, role, account: { platform: "slack", workspace: "T1", account } },
      ...(name === account ? {} : { email: `${name}@example.com` }),
    });
    const { users } = house.kappa4.as({ actor: { kind: "system" }, via: "slack" });
    const others = [person("UANA"), person("UEVA")];
    await users.bring({ people: [...others, person("UPAM", "pam", "viewer")] });
    await room.type(DRY_RUN, "UPAM");
    expect(room.whispered("UPAM")).toContain("needs the permission rebalance.plan");
    await room.type("status", "UPAM");
    await users.bring({ people: [...others, person("UPAM", "pia")] });
    await room.type(DRY_RUN, "UPAM");
    expect(room.whispered("UPAM")).toContain("Send it again");
    expect(room.surface.messages).toHaveLength(0);
    await room.type(DRY_RUN, "UPAM");
    expect(room.surface.messages).toHaveLength(1);
    await users.bring({ people: others });
  });
});

describe("a run in chat", () => {
  it("is one, though its request comes again to the next process", async () => {
    const room = house.open();
    await room.type(DRY_RUN);
    const value = buttonNamed(room.surface, "Apply");
    const press = { ...room.surface.request({ kind: "button", value }), keys: ["trigger:77"] };
    await room.send(press);
    await house.open(room.surface).send(press);
    const before = await house.kappa4.runs.list({ isOpen: true });
    expect(before).toHaveLength(1);
    await room.shows("Run R-", /\d of 5 moves done/);
    await room.press("Stop after current moves", "UEVA");
    expect(room.whispered("UEVA")).toContain("You may not do this to what others have asked for");
    await room.press("Stop after current moves");
    expect(room.whispered()).toContain("starts nothing more");
    const text = await room.shows("Run R-", /Stopped by @UANA: \d of 5 moves done/);
    expect(text).toContain(before[0]?.shortId);
    await room.type(`cancel ${before[0]?.shortId}`);
    expect(room.whispered()).toContain("is over already: cancelled");
    await room.type("status");
    expect(room.whispered()).toMatch(/ago: cancelled, \d of 5 moves done/);
    await room.type(`status ${before[0]?.shortId}`);
    expect(room.whispered()).toContain("Stopped by @UANA");
  });

  it("is followed to its end though chat takes no message, and that is told once", async () => {
    const room = house.open();
    await room.type("dry-run silver --max-moves 4");
    const gone = (): Kappa4Error =>
      new Kappa4Error("permission", "Kappa4 was taken out of the channel.");
    room.surface.postErrors.push(gone(), gone());
    await room.press("Apply");
    await room.shows("Run R-", "4 of 4 moves done in");
    const told = room.surface.whispers.filter(({ view }) => viewText(view).includes("taken out"));
    expect(told.length).toBeGreaterThan(0);
    expect(told.length).toBeLessThanOrEqual(2);
  });
});

describe("a plan for a cluster that is level", () => {
  it("has no Apply when nothing would move", async () => {
    const room = house.open();
    await room.type("dry-run silver --balanciness 99");
    const labels = buttonsOf(room.surface.messages[0]?.views[0]).map(({ label }) => label);
    expect(labels).toEqual(["Run again"]);
    await room.type(`apply ${planId(room.surface)}`);
    expect(room.whispered()).toContain("has no moves");
  });
});

describe("the end", () => {
  it("takes nothing more in, and says so", async () => {
    const room = house.open();
    await room.core.close();
    expect(await room.type(DRY_RUN)).toContain("Kappa4 is being restarted");
    expect(room.surface.messages).toHaveLength(0);
    expect(room.logged.map(({ message }) => message)).toEqual([
      "the bot is being stopped",
      "the bot has stopped",
    ]);
  });
});

describe("a plan that is too old", () => {
  it("loses its buttons, and is applied no more", async () => {
    const room = house.open();
    await room.type(DRY_RUN);
    const id = planId(room.surface);
    const value = buttonNamed(room.surface, "Apply");
    house.clock.shift(31 * 60_000);
    await room.send(room.surface.request({ kind: "button", value }));
    expect(room.whispered()).toContain(`Plan ${id} is too old to be applied; make a new one.`);
    await room.shows(`Plan ${id}`, "Expired at");
    expect(buttonsOf(newest(room, `Plan ${id}`)?.views.at(-1))).toEqual([]);
  });
});
