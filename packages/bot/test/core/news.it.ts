import { type BoundKappa4, Kappa4Error, type RunView } from "@kappa4/sdk";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type FakeSurface, fakeSurface, shownText } from "../support/fake-surface.ts";
import { buildHouse, type House, type Room } from "../support/room.ts";

let house: House;
let ours: BoundKappa4;
let ana: BoundKappa4;
const rooms: Room[] = [];

beforeAll(async () => {
  house = await buildHouse();
  ours = house.kappa4.as({ actor: { kind: "system" }, via: "slack" });
  const users = await house.kappa4.users.list();
  const user = users.find(({ name }) => name === "UANA");
  if (user === undefined) throw new Error("Ana was brought");
  ana = house.kappa4.as({ actor: { kind: "person", id: user.id }, via: "sdk" });
});

afterEach(async () => {
  for (const room of rooms.splice(0)) await room.core.close();
});

afterAll(() => house.close());

/** Has a run end that nobody follows in chat, long enough ago. */
async function endRun(connection = "silver"): Promise<RunView> {
  const plan = await ana.rebalance.plan({ connection, options: { maxMoves: 1 } });
  const answer = await ana.rebalance.apply({ plan: plan.shortId });
  if (answer.state !== "started") throw new Error("it was to start");
  const run = await ana.runs.wait({ run: answer.run.id });
  house.clock.shift(16_000);
  return run;
}

/** Another process of the bot, over a surface. */
async function serve(surface: FakeSurface): Promise<Room> {
  const room = house.open(surface);
  rooms.push(room);
  await room.core.resume();
  return room;
}

async function eventOf({ id: subject }: RunView): Promise<string> {
  const [event] = await ours.events.list({ subject, types: ["run.ended"] });
  return event?.id ?? "";
}

/** How telling of an event goes. */
async function deliveryOf(run: RunView) {
  const [delivery] = await ours.events.deliveries({ events: [await eventOf(run)] });
  return delivery;
}

async function becomes(run: RunView, state: string): Promise<void> {
  await expect
    .poll(async () => (await deliveryOf(run))?.state, { timeout: 30_000, interval: 50 })
    .toBe(state);
}

function toldOf({ messages }: FakeSurface, { shortId }: RunView): readonly string[] {
  const direct = messages.filter(({ ref }) => ref.place === "D-UANA");
  return direct.map(shownText).filter((text) => text.includes(shortId));
}

describe("the end of a run that nobody shows", () => {
  it("is told once to who asked, however many bots there are", async () => {
    const run = await endRun();
    const surface = fakeSurface();
    await Promise.all([serve(surface), serve(surface), serve(surface)]);
    await becomes(run, "told");
    for (const room of rooms.splice(0)) await room.core.close();
    expect(toldOf(surface, run)).toHaveLength(1);
    expect(toldOf(surface, run)[0]).not.toContain("Told again");
    const next = fakeSurface();
    const later = await endRun();
    await serve(next);
    await becomes(later, "told");
    expect(toldOf(next, run)).toEqual([]);
  });

  it("is told later when the surface does not answer, by whoever looks then", async () => {
    const run = await endRun();
    const surface = fakeSurface();
    surface.postErrors.push(new Kappa4Error("unavailable", "Slack answered with status 503."));
    await serve(surface);
    await becomes(run, "waiting");
    expect(await deliveryOf(run)).toMatchObject({
      attempt: 1,
      error: expect.stringMatching("503"),
    });
    house.clock.shift(10_001);
    await becomes(run, "told");
    expect(toldOf(surface, run)).toHaveLength(1);
    expect(toldOf(surface, run)[0]).not.toContain("Told again");
  });

  it("is given up, logged and shown when the surface never will take it", async () => {
    const run = await endRun();
    const surface = fakeSurface();
    const refusal = "Slack refused chat.postMessage with channel_not_found.";
    surface.postErrors.push(new Kappa4Error("permission", refusal));
    const room = await serve(surface);
    await becomes(run, "failed");
    house.clock.shift(3_600_000);
    const another = await endRun();
    await becomes(another, "told");
    expect(toldOf(surface, run)).toEqual([]);
    expect(await deliveryOf(run)).toMatchObject({ attempt: 1, error: refusal });
    const errors = room.logged.filter(({ level }) => level === "error");
    expect(errors.map(({ message }) => message)).toEqual(["event could not be told"]);
  });

  it("is told again, and said so, when a bot died before it could say that it had", async () => {
    const run = await endRun();
    const events = [await eventOf(run)];
    expect(await ours.events.claim({ events, place: "slack" })).toHaveLength(1);
    house.clock.shift(120_001);
    const surface = fakeSurface();
    await serve(surface);
    await becomes(run, "told");
    expect(toldOf(surface, run)).toEqual([expect.stringContaining("Told again: nobody knows")]);
  });

  it("is one of a number when it is older than a day", async () => {
    const runs = [await endRun("gold"), await endRun("gold")];
    house.clock.shift(25 * 3_600_000);
    const recent = await endRun("gold");
    const surface = fakeSurface();
    await serve(surface);
    for (const run of [...runs, recent]) await becomes(run, "told");
    const texts = surface.messages.map(shownText);
    const [summary, ...more] = texts.filter((text) => text.includes("older events since"));
    expect(more).toEqual([]);
    expect(summary).toMatch(/2 older events since .*: 2 of runs that ended\./);
    expect(summary).toContain("/rebalance status and /approve list");
    expect(summary).toContain(
      "kappa4 events list, with an embedded store only while the bot is stopped",
    );
    expect(runs.flatMap((run) => toldOf(surface, run))).toEqual([]);
    expect(toldOf(surface, recent)).toHaveLength(1);
  });

  it("is given up and logged when nobody could be told in a month", async () => {
    const run = await endRun("gold");
    house.clock.shift(31 * 24 * 3_600_000);
    const surface = fakeSurface();
    const room = await serve(surface);
    await becomes(run, "failed");
    expect(surface.messages).toEqual([]);
    const errors = room.logged.filter(({ level }) => level === "error");
    expect(errors.map(({ message }) => message)).toEqual(["event could not be told"]);
  });
});
