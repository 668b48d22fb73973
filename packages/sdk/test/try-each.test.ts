import { Kappa4Error } from "@kappa4/connectors";
import { describe, expect, it } from "vitest";
import { isPassing } from "../src/store/is-passing.ts";
import { tryEach } from "../src/try-each.ts";

describe("tryEach", () => {
  it("does the work for those behind one that fails, and says at the end what failed", async () => {
    const done: string[] = [];
    const failed: unknown[] = [];
    const work = async (item: string) => {
      if (item !== "b" && item !== "d") return void done.push(item);
      throw new Kappa4Error("not_found", `There is no ${item}.`);
    };
    const trying = tryEach(["a", "b", "c", "d", "e"], work, (item) => failed.push(item));
    await expect(trying).rejects.toMatchObject({
      code: "not_found",
      message: expect.stringMatching(/^It failed for 2 of 5, .*There is no b\.$/),
    });
    expect([done, failed]).toEqual([
      ["a", "c", "e"],
      ["b", "d"],
    ]);
  });

  it("throws nothing where nothing fails", async () => {
    await expect(tryEach([1, 2], async () => undefined)).resolves.toBeUndefined();
  });

  it("leaves to be seen that the store was away", async () => {
    const line = Object.assign(new Error("reset"), { code: "ECONNRESET" });
    const away = new Kappa4Error("unavailable", "The store is away.", {
      ...{ cause: line, context: { operation: "use store" } },
    });
    const error = await tryEach([1], () => Promise.reject(away)).catch((thrown: unknown) => thrown);
    expect(isPassing(error)).toBe(true);
  });
});
