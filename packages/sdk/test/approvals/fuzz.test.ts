import { expect, test } from "vitest";
import { APPROVAL_EVENTS } from "../../src/approvals/index.ts";
import { STANDARD_POLICY } from "../../src/approving/policy.ts";
import { fuzz } from "./fuzz.ts";

test.each([1, 2, 3, 4, 5])(
  "10,000 random attempts from seed %i have no effect that they must not",
  (seed) => {
    const report = fuzz(seed, 10_000, seed > 3 ? STANDARD_POLICY : undefined);
    expect(report.complaints).toEqual([]);
    // Nothing of it is empty: each event both happens and is refused.
    for (const event of APPROVAL_EVENTS) {
      expect(report.events[event].taken, event).toBeGreaterThan(0);
      expect(report.events[event].refused, event).toBeGreaterThan(0);
    }
  },
);
