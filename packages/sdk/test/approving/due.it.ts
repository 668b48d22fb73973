import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EventView, RunAnswer } from "../../src/index.ts";
import { type Office, openOffice } from "../core/office.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const reason = "somebody looks after the nights";
let now = Date.UTC(2026, 10, 21, 12);
let office: Office;

beforeAll(async () => {
  const sleep = async (): Promise<void> => undefined;
  const staff = { leo: "super_admin", kim: "super_admin", mia: "super_admin", vic: "viewer" };
  office = await openOffice(staff, undefined, { now: () => now, sleep });
});

afterAll(() => office[Symbol.asyncDispose]());

/** Has everybody look who might: what is done is done once. */
async function look(): Promise<void> {
  const { approvals } = office.ourselves;
  await Promise.all([approvals.attend(), approvals.attend(), approvals.attend()]);
}

async function told(subject: string): Promise<readonly EventView[]> {
  const all = await office.kappa4.events.list({ subject });
  const due = all.filter(({ type }) => type !== "approval.requested");
  return due.sort((one, other) => one.at.getTime() - other.at.getTime());
}

async function types(subject: string): Promise<readonly string[]> {
  return (await told(subject)).map(({ type }) => type);
}

async function idsOf(...names: readonly string[]): Promise<readonly string[]> {
  const users = await office.kappa4.users.list();
  return users.flatMap(({ id, name }) => (names.includes(name) ? [id] : [])).sort();
}

function peopleOf(event: EventView | undefined): readonly string[] {
  const { people } = (event?.data ?? { people: [] }) as { people: string[] };
  return [...people].sort();
}

/** Leo asks for something that two other Super Admins have to approve. */
async function ask(role: string): Promise<Asked> {
  return waiting(await office.as("leo").grants.give({ user: "vic@example.com", role, reason }));
}

type Asked = Extract<RunAnswer, { state: "waiting" }>["approval"];

function waiting(answer: RunAnswer): Asked {
  if (answer.state !== "waiting") throw new Error("it was to wait");
  return answer.approval;
}

it("who can approve hears at once that they are asked", async () => {
  const { id, shortId } = await ask("operator");
  const [asked, ...more] = await office.kappa4.events.list({ subject: id });
  expect(more).toEqual([]);
  expect(asked).toMatchObject({
    type: "approval.requested",
    summary: expect.stringContaining(shortId),
    data: { via: "slack" },
  });
  expect(asked?.summary).not.toContain("not enough");
  expect(peopleOf(asked)).toEqual(await idsOf("kim", "mia"));
  await office.as("leo").approvals.withdraw({ approval: id, reason });
});

describe("what falls due", () => {
  it("is told once each, whoever looks how often, to those who can decide", async () => {
    const { id, shortId, hash } = await ask("operator");
    now += 29 * 60_000;
    await look();
    expect(await types(id)).toEqual([]);
    now += 2 * 60_000;
    await look();
    await look();
    const [first, ...more] = await told(id);
    expect(more).toEqual([]);
    expect(first).toMatchObject({
      type: "approval.remind",
      summary: expect.stringContaining(shortId),
    });
    expect(peopleOf(first)).toEqual(await idsOf("kim", "mia"));
    await office.as("kim").approvals.approve({ approval: id, hash });
    now += 24 * 60_000;
    await look();
    const second = (await told(id)).at(-1);
    expect((await types(id)).toSorted()).toEqual([
      "approval.decided",
      "approval.remind",
      "approval.remind",
    ]);
    expect(peopleOf(second)).toEqual(await idsOf("mia"));
  });

  it("while nobody looked for a day ends what is out of time, and reminds of nothing", async () => {
    const { id } = await ask("admin");
    now += DAY;
    await look();
    const [ended, ...more] = await told(id);
    expect(more).toEqual([]);
    expect(ended).toMatchObject({ type: "approval.decided", data: { state: "expired" } });
    expect(peopleOf(ended)).toEqual(await idsOf("leo"));
    expect(await office.kappa4.approvals.get({ approval: id })).toMatchObject({ state: "expired" });
  });

  it("of an emergency is asked for daily, and overdue once, until another has seen it", async () => {
    const value = { balanciness: 5 };
    const change = { section: "balancing", value, note: reason } as const;
    const { id, hash } = waiting(await office.as("leo").config.update(change));
    const breaking = { approval: id, reason: "nobody else is there, and nights are long" };
    const broken = await office
      .as("kim")
      .approvals.breakGlass({ ...breaking, ticket: "INC-7", hash: hash.slice(0, 8) });
    if (broken.state !== "started") throw new Error("it was to start");
    await office.kappa4.runs.wait({ run: broken.run.id });
    const [alarm] = await told(id);
    expect(alarm).toMatchObject({
      type: "approval.alarm",
      severity: "critical",
      summary: expect.stringMatching(/^EMERGENCY \(INC-7\): kim went past/),
      data: { ticket: "INC-7" },
    });
    expect(peopleOf(alarm)).toEqual(await idsOf("leo", "mia"));
    now += 2 * DAY + HOUR;
    await look();
    now += 20 * DAY;
    await look();
    await look();
    const all = await types(id);
    expect(all.slice(0, 2)).toEqual(["approval.alarm", "approval.acknowledge"]);
    expect(all.slice(2).sort()).toEqual(["approval.acknowledge", "approval.overdue"]);
    const asked = (await told(id)).at(-1);
    expect(peopleOf(asked)).toEqual(await idsOf("leo", "mia"));

    const own = office.as("kim").approvals.acknowledge({ approval: id });
    await expect(own).rejects.toMatchObject({ code: "permission" });
    const seen = await office.as("mia").approvals.acknowledge({ approval: id });
    expect(seen).toMatchObject({ state: "succeeded", approval: { state: "succeeded" } });
    now += 5 * DAY;
    await look();
    expect(await types(id)).toHaveLength(4);
  });

  it("is claimed for each place by Kappa4 itself, for a while, and settled", async () => {
    const [{ id: event = "" } = {}] = await office.kappa4.events.list({
      types: ["approval.alarm"],
    });
    const { claim, settle, untold, deliveries } = office.ourselves.events;
    const take = (place: string) => claim({ events: [event], place });
    const claims = await Promise.all([take("slack"), take("slack"), take("discord")]);
    const first = { event, attempt: 1, isDoubtful: false, readers: {} };
    expect(claims.flat()).toEqual([first, first]);
    const own = office.as("leo").events.claim({ events: [event], place: "slack" });
    await expect(own).rejects.toMatchObject({ code: "permission" });

    const from = new Date(0);
    const open = async (place: string) => {
      const found = await untold({ place, types: ["approval.alarm"], from });
      return found.map(({ id }) => id);
    };
    expect([await open("slack"), await open("chat")]).toEqual([[], [event]]);
    const say = (state: "telling" | "waiting" | "told" | "failed", attempt: number) =>
      settle({ events: [{ event, attempt, readers: { leo: null } }], place: "slack", state });
    await say("telling", 1);
    now += 121_000;
    expect(await open("slack")).toEqual([event]);
    expect(await take("slack")).toEqual([
      { event, attempt: 2, isDoubtful: true, readers: { leo: null } },
    ]);
    await expect(say("told", 1)).rejects.toMatchObject({ code: "conflict" });
    await say("waiting", 2);
    expect([await open("slack"), await take("slack")]).toEqual([[], []]);
    now += 10_001;
    expect(await take("slack")).toMatchObject([{ attempt: 3, isDoubtful: true }]);
    await say("failed", 3);
    now += DAY;
    expect([await open("slack"), await take("slack")]).toEqual([[], []]);
    const [failed] = await deliveries({ states: ["failed"] });
    expect(failed).toMatchObject({ event, place: "slack", attempt: 3, until: undefined });

    const long = { events: [event], place: "chat", leaseMs: 3_600_000 };
    const [held] = await claim(long);
    await settle({ events: [{ event, attempt: 1 }], place: "chat", state: "telling" });
    now += 3_599_000;
    expect([held?.attempt, await open("chat")]).toEqual([1, []]);
    now += 1_001;
    expect(await open("chat")).toEqual([event]);

    const types = ["approval.remind", "approval.acknowledge", "approval.alarm"] as const;
    const [alarm, ...rest] = await untold({ place: "chat", types, from });
    expect(alarm?.id).toBe(event);
    expect(rest.some(({ at }) => at < (alarm?.at ?? from))).toBe(true);
  });
});
