import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyAudit } from "../../src/index.ts";
import { type Office, openOffice } from "../core/office.ts";

let office: Office;

beforeAll(async () => {
  office = await openOffice({ leo: "admin", sue: "super_admin", vic: "viewer" });
  const reason = "to have something on record";
  await office.as("leo").service.stop({ reason });
  await office
    .as("vic")
    .service.stop({ reason })
    .catch(() => {});
  await office.through(await office.kappa4.service.start({ reason }));
});

afterAll(() => office[Symbol.asyncDispose]());

describe("the record", () => {
  it("is searched", async () => {
    const { audit } = office.as("leo");
    const stops = await audit.search({ action: "service.stop" });
    expect(stops.map(({ entry }) => entry.decision)).toEqual(["refused", "allowed"]);
    const [refused, allowed] = stops;
    expect(await audit.search({ decision: "refused" })).toEqual([refused]);
    const { id } = Object(allowed?.entry.actor);
    expect(await audit.search({ actor: id })).toEqual([allowed]);
    expect(await audit.search({ actor: "local", action: "service.start" })).toHaveLength(1);
    expect(await audit.search({ target: "service", to: new Date(0) })).toEqual([]);
    expect(await audit.search({ limit: 1, before: refused?.id })).toEqual([allowed]);
    await expect(audit.search({ before: "aud_x" })).rejects.toMatchObject({
      code: "invalid_argument",
    });
    await expect(office.as("vic").audit.search()).rejects.toMatchObject({ code: "permission" });
  });

  it("is whole, and can be taken away and verified elsewhere; that it was is on record", async () => {
    const report = await office.as("leo").audit.verify();
    expect(report).toMatchObject({ isIntact: true, problemCount: 0 });
    expect(report.rows).toBeGreaterThan(4);
    await expect(office.as("leo").audit.export()).rejects.toMatchObject({ code: "permission" });
    const lines: string[] = [];
    const record = await office.as("sue").audit.export();
    expect(record.waiting).toBe(0);
    for await (const line of record) lines.push(line);
    async function* bytes(text: readonly string[]): AsyncGenerator<Uint8Array> {
      for (const line of text) yield Buffer.from(line);
    }
    expect(await verifyAudit(bytes(lines))).toMatchObject({ isIntact: true });
    const last = lines.length - 1;
    const forged = lines.with(last, (lines[last] ?? "").replace("refused", "allowed"));
    const changed = await verifyAudit(bytes(forged));
    expect(changed.problems).toMatchObject([{ seq: last, kind: "changed" }]);
    expect(await office.as("leo").audit.search({ action: "audit.export" })).toMatchObject([
      { entry: { decision: "allowed", result: "succeeded" } },
      { entry: { decision: "refused" } },
    ]);
  });
});
