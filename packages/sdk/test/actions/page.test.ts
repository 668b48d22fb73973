import { expect, test } from "vitest";
import { actions, actionsByName } from "../../src/register.ts";
import { actionsPage } from "./page.ts";

test("docs/actions.md is what the register says; `vitest run actions/page -u` writes it anew", async () => {
  await expect(actionsPage()).toMatchFileSnapshot("../../../../docs/actions.md");
});

test("every action is called what its place in the register is, and says what it is for", () => {
  const paths = Object.entries(actions).flatMap(([noun, verbs]: [string, object]) =>
    Object.keys(verbs).map((verb) => `${noun}.${verb}`),
  );
  expect([...actionsByName.keys()]).toEqual(paths);
  for (const { name, description } of actionsByName.values()) {
    expect(description, name).toMatch(/^[A-Z].*\.$/);
  }
});

test("every field says what it means", () => {
  const rows = actionsPage().split("\n");
  expect(rows.filter((row) => /\|\s*\|$/.test(row))).toEqual([]);
});

test("each object is told of once, where its fields lead to", () => {
  const titles = actionsPage().match(/^### Inside .*$/gm) ?? [];
  const links = new Set(actionsPage().match(/\(#inside-[^)]*\)/g));
  expect(titles.map((title) => `(#inside-${/`(.*)`/.exec(title)?.[1]?.toLowerCase()})`)).toEqual([
    ...links,
  ]);
});
