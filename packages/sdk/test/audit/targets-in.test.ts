import { expect, it } from "vitest";
import { targetsIn } from "../../src/audit/targets-in.ts";
import { newId } from "../../src/ids.ts";

it("names a thing by its id and by what people say", () => {
  const run = { id: newId("run"), shortId: "R-11CD", plan: newId("pln") };
  expect(targetsIn(run)).toEqual([`run:${run.id}`, "run:R-11CD"]);
  const user = { id: newId("usr"), email: "ana@example.com", name: "Ana" };
  expect(targetsIn(user)).toEqual([`user:${user.id}`, "user:ana@example.com"]);
  const project = { id: newId("prj"), name: "Nights" };
  expect(targetsIn(project)).toEqual([`project:${project.id}`, "project:Nights"]);
});

it("names all that a decision is about", () => {
  const plan = { id: newId("pln"), shortId: "P-7F3K" };
  const approval = { id: newId("apr"), shortId: "A-92QX" };
  expect(targetsIn({ state: "denied", plan, approval })).toEqual([
    `plan:${plan.id}`,
    "plan:P-7F3K",
    `approval:${approval.id}`,
    "approval:A-92QX",
  ]);
});

it("names nothing by what is no thing of ours", () => {
  for (const output of [undefined, null, 4, "run_1", [], { id: 7 }, { id: "100", name: "vm" }]) {
    expect(targetsIn(output)).toEqual([]);
  }
});
