import { describe, expect, it } from "vitest";
import { readWords } from "../../src/commands/grammar.ts";

describe("readWords", () => {
  it("splits words and options in every spelling", () => {
    expect(readWords("dry-run gold --method cpu --max-moves=3 mode=used --loud")).toEqual({
      plain: ["dry-run", "gold"],
      named: { method: "cpu", "max-moves": "3", mode: "used", loud: "true" },
      rest: undefined,
    });
  });

  it("keeps quoted words together, with straight and with typographic quotes", () => {
    for (const text of [
      `explain "my web 3"`,
      "explain 'my web 3'",
      "explain “my web 3”",
      "explain «my web 3»",
    ]) {
      expect(readWords(text)).toMatchObject({ plain: ["explain", "my web 3"] });
    }
    expect(readWords(`--reason="two words" next`)).toMatchObject({
      plain: ["next"],
      named: { reason: "two words" },
    });
  });

  it("takes a typographic dash for two hyphens", () => {
    expect(readWords("dry-run —method disk")).toMatchObject({ named: { method: "disk" } });
    expect(readWords("dry-run –max-moves=2")).toMatchObject({ named: { "max-moves": "2" } });
  });

  it("leaves quoted dashes and equal signs alone", () => {
    expect(readWords(`"--method" "a=b"`)).toEqual({
      plain: ["--method", "a=b"],
      named: {},
      rest: undefined,
    });
  });

  it("does not take the next option for a value", () => {
    expect(readWords("--loud --method cpu")).toMatchObject({
      named: { loud: "true", method: "cpu" },
    });
  });

  it("keeps everything behind two dashes as it is", () => {
    expect(readWords("apply P-7F3K -- because of  --this")).toEqual({
      plain: ["apply", "P-7F3K"],
      named: {},
      rest: "because of  --this",
    });
  });

  it("says which quote is not closed", () => {
    expect(readWords(`explain "web 3`)).toEqual({
      problem: `The quote in "web 3 is not closed; add the closing quote.`,
    });
  });

  it("reads nothing from nothing", () => {
    expect(readWords("   ")).toEqual({ plain: [], named: {}, rest: undefined });
  });
});
