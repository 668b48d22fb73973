import { expect, it } from "vitest";
import { openOffice } from "../core/office.ts";

it("shows a viewer what matters of the log", async () => {
  await using office = await openOffice({ vic: "viewer" });
  await expect(office.kappa4.cluster.ping()).rejects.toMatchObject({ code: "network" });
  const { logs } = office.as("vic");
  const all = await logs.query({ level: "debug", limit: 1_000 });
  expect(all.length).toBeGreaterThan(0);
  const important = await logs.query({ level: "error" });
  expect(important.every(({ level }) => level === "error")).toBe(true);
  const word = all[0]?.message.toUpperCase() ?? "";
  const found = await logs.query({ level: "debug", text: word });
  expect(found.length).toBeGreaterThan(0);
  expect(found.every(({ message }) => message.toUpperCase() === word)).toBe(true);
  expect(await logs.query({ level: "debug", text: "no such words anywhere" })).toEqual([]);
  expect(await logs.query({ level: "debug", limit: 1 })).toHaveLength(1);
  const records = await logs.follow({ text: "IS TAKEN UP" });
  const next = records[Symbol.asyncIterator]().next();
  const role = { key: "nights", name: "Nights", permissions: ["nodes.read"] as const };
  const asked = await office.kappa4.roles.create({ ...role, reason: "to be followed" });
  if (asked.state !== "started") throw new Error("it was to start");
  expect((await next).value).toMatchObject({ fields: { run: asked.run.shortId } });
  expect(JSON.stringify(all)).not.toContain("11111111-2222-4333-8444-555555555555");
});
