import fc from "fast-check";
import { fromString, toUUID } from "typeid-js";
import { describe, expect, it } from "vitest";
import { fromUuid, newId, parseId, toUuid } from "../src/ids.ts";

describe("ids", () => {
  it("say what they are of and when they were made", () => {
    const id = newId("org", Date.UTC(2026, 0, 1), () => 0.5);
    expect(id).toBe("org_01kdvdna00f0481040g2081040");
    expect(toUuid(id)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab]/);
    expect(fromUuid("org", toUuid(id))).toBe(id);
  });

  it("are read as the TypeID library reads them, and sort by time", () => {
    const moment = fc.integer({ min: 0, max: 2 ** 47 });
    fc.assert(
      fc.property(moment, moment, (one, other) => {
        const [a, b] = [newId("pln", one), newId("pln", other)];
        expect(toUuid(a)).toBe(toUUID(fromString(a, "pln")));
        if (one !== other) expect(a < b).toBe(one < other);
        expect(a < b).toBe(toUuid(a) < toUuid(b));
      }),
    );
  });

  it.each(["", "usr", "usr_", "org_01kdv6nj00ff88410p841610mg", "usr_81kdv6nj00ff88410p841610mg"])(
    "are not made of %j",
    (text) => {
      expect(() => parseId("usr", text)).toThrow("it begins with usr_");
    },
  );
});
