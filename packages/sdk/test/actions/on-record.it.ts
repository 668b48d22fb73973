import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { Kappa4Error } from "../../src/index.ts";
import { type Office, openOffice } from "../core/office.ts";

let office: Office;
let now = Date.parse("2026-03-01T08:00:00Z");
const reason = "the storage is being rebuilt";

beforeAll(async () => {
  const staff = { sue: "super_admin", leo: "admin", ana: "operator", vic: "viewer", zoe: "viewer" };
  office = await openOffice(staff, undefined, { ...systemClock, now: () => ++now });
});

afterAll(() => office[Symbol.asyncDispose]());

/** How the tries of something ended, as the record has them, the newest first. */
async function triesOf(action: string): Promise<readonly unknown[]> {
  const found = await office.kappa4.audit.search({ action, limit: 500 });
  return found.map(({ entry }) => `${entry.decision} ${entry.result}`);
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => "done",
    (thrown: unknown) => thrown,
  );
  return Kappa4Error.is(error) ? error.code : String(error);
}

async function codesOf(count: number, call: () => Promise<unknown>): Promise<readonly string[]> {
  const codes: string[] = [];
  for (let at = 0; at < count; at += 1) codes.push(await codeOf(call()));
  return codes;
}

describe("whatever somebody tries to change", () => {
  it("leaves an entry when it is about what is not there", async () => {
    expect(await codeOf(office.as("ana").rebalance.apply({ plan: "P-0000" }))).toBe("not_found");
    expect(await triesOf("rebalance.apply")).toEqual(["refused not_found"]);
    expect(await codeOf(office.kappa4.rebalance.plan({ connection: "iron" }))).toBe("not_found");
    expect(await triesOf("rebalance.plan")).toEqual(["allowed not_found"]);
  });

  it("leaves an entry when it fails before anything is changed", async () => {
    const give = { user: "nobody@example.com", role: "viewer", reason };
    expect(await codeOf(office.as("sue").grants.give(give))).toBe("not_found");
    expect(await triesOf("grants.give")).toEqual(["allowed not_found"]);
    const code = await codeOf(office.as("leo").maintenance.enter({ node: "n1", reason }));
    expect(await triesOf("maintenance.enter")).toEqual([`allowed ${code}`]);
  });

  it("counts, also where it fails or is refused", async () => {
    now = Date.parse("2026-03-01T09:00:00Z");
    const give = { user: "nobody@example.com", role: "viewer", reason };
    const given = await codesOf(11, () => office.as("sue").grants.give(give));
    expect(given).toEqual([...Array(10).fill("not_found"), "rate_limited"]);
    const prefer = () => office.as("vic").preferences.set({ language: "es" });
    const stopped = await codesOf(60, () => office.as("vic").service.stop({ reason }));
    expect(new Set(stopped)).toEqual(new Set(["permission"]));
    expect(await codeOf(prefer())).toBe("rate_limited");
    const unseen = await codesOf(60, () => office.as("ana").plans.discard({ plan: "P-0000" }));
    expect(new Set(unseen)).toEqual(new Set(["not_found"]));
    expect(await codeOf(office.as("ana").preferences.set({}))).toBe("rate_limited");
    const email = "vic@example.com";
    const created = await codesOf(61, () => office.as("sue").users.create({ email, name: "Vic" }));
    expect(created).toEqual([...Array(60).fill("already_exists"), "rate_limited"]);
    now += 60_000;
    expect(await codeOf(prefer())).toBe("done");
  });
});

describe("whoever goes on asking for what they may not", () => {
  it("is told to wait, and fills the record no further until then", async () => {
    now = Date.parse("2026-03-01T10:00:00Z");
    const ask = () => office.as("zoe").service.stop({ reason });
    const before = (await triesOf("service.stop")).length;
    const codes = await codesOf(70, ask);
    expect(codes.slice(60)).toEqual(Array(10).fill("rate_limited"));
    const tries = (await triesOf("service.stop")).slice(0, -before);
    expect(tries).toEqual(["refused rate_limited", ...Array(60).fill("refused permission")]);
    now += 60_000;
    expect(await codeOf(ask())).toBe("permission");
  });
});

describe("whoever goes on looking for what they may not", () => {
  it("is told to wait, whether it is there or not, and fills the record no further until then", async () => {
    now = Date.parse("2026-03-01T11:00:00Z");
    const vic = office.as("vic");
    const ask = () => vic.audit.verify();
    const codes = await codesOf(70, ask);
    expect(codes).toEqual([...Array(60).fill("permission"), ...Array(10).fill("rate_limited")]);
    const tries = ["refused rate_limited", ...Array(60).fill("refused permission")];
    expect(await triesOf("audit.verify")).toEqual(tries);
    expect(await codeOf(vic.plans.get({ plan: "P-0000" }))).toBe("rate_limited");
    expect(await codeOf(vic.runs.list({}))).toBe("done");
    const missing = await codesOf(61, () => office.as("zoe").plans.get({ plan: "P-0000" }));
    expect(missing).toEqual([...Array(60).fill("not_found"), "rate_limited"]);
    now += 60_000;
    expect(await codeOf(ask())).toBe("permission");
  });
});

describe("a look", () => {
  it("at what is not there leaves no entry, and one that is refused does", async () => {
    expect(await codeOf(office.as("vic").runs.get({ run: "R-0000" }))).toBe("not_found");
    expect(await triesOf("runs.get")).toEqual([]);
    expect(await codeOf(office.as("vic").audit.search({}))).toBe("permission");
    expect(await triesOf("audit.search")).toEqual(["refused permission"]);
  });

  it("that goes on ends with the right to it", async () => {
    const logs = await office.as("zoe").logs.follow();
    const others = (await office.as("leo").logs.follow())[Symbol.asyncIterator]();
    const give = { user: "vic@example.com", role: "operator", reason };
    const { id: run } = await office.through(await office.kappa4.grants.give(give));
    expect(await codeOf(others.next())).toBe("done");
    const streams = [
      logs,
      await office.as("zoe").events.watch({ cursor: "start" }),
      await office.as("zoe").runs.watch({ run }),
    ];
    await office.kappa4.users.setStatus({ user: "zoe@example.com", status: "disabled" });
    for (const stream of streams) {
      expect(await codeOf(stream[Symbol.asyncIterator]().next())).toMatch(/permission|not_found/);
    }
    expect(await triesOf("events.watch")).toEqual(["refused permission"]);
    expect(await triesOf("logs.follow")).toEqual(["refused permission"]);
    await office.kappa4.users.setStatus({ user: "leo@example.com", status: "disabled" });
    now += 1_000;
    await office.through(await office.kappa4.grants.give({ ...give, role: "admin" }));
    expect(await codeOf(others.next())).toBe("permission");
  });
});
