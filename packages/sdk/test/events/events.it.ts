import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EventView, RunView } from "../../src/index.ts";
import { type Office, openOffice } from "../core/office.ts";

let office: Office;
const runs: RunView[] = [];

/** Something that ends with an event. */
async function happen(role: string): Promise<RunView> {
  const grant = { user: "vic@example.com", role, reason: "for a test of events" };
  const run = await office.through(await office.kappa4.grants.give(grant));
  runs.push(run);
  return run;
}

beforeAll(async () => {
  office = await openOffice({ vic: "viewer" });
  await happen("operator");
  await happen("admin");
});

afterAll(() => office[Symbol.asyncDispose]());

function nameOf({ type, subject }: EventView): string {
  return `${type} ${subject}`;
}

describe("events", () => {
  it("are listed and counted", async () => {
    const { events } = office.as("vic");
    const listed = await events.list();
    const told = runs.flatMap(({ id }) => [`run.started ${id}`, `run.ended ${id}`]);
    expect(listed.map(nameOf)).toEqual(told.reverse());
    expect(await events.list({ before: listed[0]?.id })).toEqual(listed.slice(1));
    expect(await events.list({ subject: runs[0]?.id })).toHaveLength(2);
    const [newest] = listed;
    expect(await events.list({ ids: [newest?.id ?? ""] })).toEqual([newest]);
    expect(await events.list({ severities: ["warning"] })).toEqual([]);
    expect(await events.count()).toEqual({
      total: 4,
      byType: { "run.started": 2, "run.ended": 2 },
    });
    expect(await events.count({ to: new Date(0) })).toEqual({ total: 0, byType: {} });
    const wrong = { code: "invalid_argument" };
    await expect(events.list({ before: "evt_x" })).rejects.toMatchObject(wrong);
    await expect(events.watch({ cursor: "1;drop" })).rejects.toMatchObject(wrong);
  });

  it("are followed from the beginning, from a place, and as they come", async () => {
    const stop = new AbortController();
    const { events } = office.as("vic");
    const all = await events.watch({ cursor: "start" }, { signal: stop.signal });
    const told: string[] = [];
    let place = "";
    for await (const { event, cursor } of all) {
      told.push(event.subject ?? "");
      if (told.length === 2) place = cursor;
      if (told.length === 4) break;
    }
    expect(told).toEqual(runs.flatMap(({ id }) => [id, id]));

    const live = await events.watch({}, { signal: stop.signal });
    const next = live[Symbol.asyncIterator]().next();
    const third = await happen("super_admin");
    const begun = { type: "run.started", subject: third.id };
    expect((await next).value).toMatchObject({ event: begun });
    const ended = (await live[Symbol.asyncIterator]().next()).value;
    expect(ended).toMatchObject({ event: { type: "run.ended", subject: third.id } });

    const rest: string[] = [];
    for await (const { event } of await events.watch({ cursor: place })) {
      rest.push(event.subject ?? "");
      if (rest.length === 4) break;
    }
    expect(rest).toEqual(runs.slice(1).flatMap(({ id }) => [id, id]));

    const waiting = live[Symbol.asyncIterator]().next();
    stop.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
  });
});
