import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";

const read = (file: string): string => readFileSync(new URL(file, import.meta.url), "utf8");

test("the first example of the README is the file that runs here", () => {
  const block = /```ts\n(.*?)```/s.exec(read("../../README.md"))?.[1];
  expect(block).toBe(read("./readme-example.ts"));
});

test("and it prints what the README says", async () => {
  const print = vi.spyOn(console, "log").mockImplementation(() => undefined);
  await import("./readme-example.ts");
  const printed = print.mock.calls.map((line) => line.join(" "));
  print.mockRestore();
  const promised = /```text\n(.*?)\n```/s.exec(read("../../README.md"))?.[1];
  expect(printed.join("\n")).toBe(promised);
});
