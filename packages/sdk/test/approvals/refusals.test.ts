import { describe, expect, test } from "vitest";
import { type ApprovalState, REFUSAL_CODES, transition } from "../../src/approvals/index.ts";
import { deny as denyAction } from "../../src/approving/actions/deny.ts";
import { ana, ben, EVENTS, eva, facts, IN, outcome, terminal, una, vic } from "./office.ts";
import { CASES } from "./refusal-cases.ts";

const { approve, deny, withdraw, cancel, break_glass: breakGlass } = EVENTS;

describe("refusals", () => {
  test.each(CASES)("$code when $when", ({ code, of, event, facts: change }) => {
    expect(outcome(of, event, change)).toBe(code);
  });

  test("each code has a case", () => {
    const covered = new Set(CASES.map(({ code }) => code));
    expect(REFUSAL_CODES.filter((code) => !covered.has(code))).toEqual([]);
  });

  test("each says who can help or what to do next, and no more than a line", () => {
    for (const { of, event, facts: change } of CASES) {
      const result = transition(of, event, facts(change));
      const sentence = result.ok ? "" : result.refusal.sentence;
      expect(sentence).toMatch(
        /\b(ask|link|log in|do this again|do it again|make a|plan|wait|withdraw|decides?|choose|open one|look|say|acknowledged|starts|nothing to|can)\b/,
      );
      expect(sentence.length).toBeLessThan(180);
    }
  });

  test("names people who can help, not the one who asks", () => {
    const result = transition(IN.pending, { ...approve, by: ana }, facts());
    expect(result).toEqual({
      ok: false,
      refusal: {
        code: "own_request",
        sentence:
          "You asked for this yourself, so somebody else has to decide; ask Leo, Eva, Ida or 1 other, or withdraw it.",
      },
    });
  });

  test("names neither who asked for it, nor who may not either", () => {
    const lent = facts({ people: [ana, vic, ben, eva] });
    for (const event of [approve, deny]) {
      const viewer = transition(IN.pending, { ...event, by: vic }, lent);
      expect(viewer.ok ? "" : viewer.refusal.sentence).toBe(
        "You are not permitted to do this; ask Eva or Ben, or ask a Super Admin for the role.",
      );
      const local = transition(IN.pending, { ...event, by: terminal }, lent);
      expect(local.ok ? "" : local.refusal.sentence).toBe(
        "The terminal could be anybody, so it cannot decide here; Eva or Ben can, in chat.",
      );
    }
    const alone = transition(IN.pending, { ...approve, by: vic }, facts({ people: [ana] }));
    expect(alone.ok ? "" : alone.refusal.sentence).toBe(
      "You are not permitted to do this; ask a Super Admin for the role.",
    );
  });

  test("a denial of what is over is told that first, and of one that waits that its reason is short", () => {
    const short = { ...deny, reason: "no" };
    expect(outcome(IN.withdrawn, short)).toBe("already_over");
    expect(outcome(IN.pending, short)).toBe("reason_missing");
    const input = { approval: "A-92QX", reason: "no" };
    expect(denyAction.input.safeParse(input).success).toBe(true);
  });

  test("a person who is unlinked is told no names", () => {
    const states: readonly ApprovalState[] = ["pending", "approved", "executing"];
    for (const state of states) {
      for (const event of [approve, deny, withdraw, cancel, breakGlass]) {
        const result = transition(IN[state], { ...event, by: una }, facts());
        expect(result.ok ? "" : result.refusal.sentence).not.toMatch(/Ben|Eva|Ida|Leo/);
      }
    }
  });
});
