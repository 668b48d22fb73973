import { describe, expect, it } from "vitest";
import { newRule, type TypedRule } from "../../../src/commands/rebalance/new-rule.ts";

const common = { hard: true, source: "config" };

describe("a rule that is typed", () => {
  it.each<[TypedRule, object]>([
    [
      { apart: "web-01, web-02" },
      { ...common, id: "apart:web-01+web-02", kind: "apart", guests: ["web-01", "web-02"] },
    ],
    [{ together: "a,b" }, { ...common, id: "together:a+b", kind: "together", guests: ["a", "b"] }],
    [
      { pin: "db-01", to: "pve-01,pve-02" },
      { ...common, id: "pin:db-01", kind: "pin", guests: ["db-01"], nodes: ["pve-01", "pve-02"] },
    ],
  ])("is understood: %j", (typed, rule) => {
    expect(newRule(typed)).toEqual({ kind: "rule-added", rule });
  });

  it.each<[TypedRule, string]>([
    [{}, "Say one rule"],
    [{ apart: "a,b", pin: "a" }, "Say one rule"],
    [{ apart: "web-01" }, "two guests or more"],
    [{ pin: "db-01" }, "their nodes"],
    [{ pin: ",", to: "pve-01" }, "Name the guests"],
    [{ apart: "a,b", to: "pve-01" }, "--to belongs to --pin"],
  ])("is sent back: %j", (typed, sentence) => {
    expect(() => newRule(typed)).toThrow(sentence);
  });
});
