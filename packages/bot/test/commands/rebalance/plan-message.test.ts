import type { PlanDetails } from "@kappa4/sdk";
import { expect, it } from "vitest";
import { isRebalance } from "../../../src/commands/rebalance/known.ts";
import { planMessage } from "../../../src/commands/rebalance/plan-message.ts";
import { viewText } from "../../../src/view/text.ts";
import { now, request, who } from "../../support/requests.ts";

/** The message of a plan whose run and approval stand so. */
function shown(run: string, state: string): string {
  const { details, ...approval } = request({ state });
  const about = { shortId: "R-11CD", state: run, requestedBy: "ana", createdAt: now };
  const plan = { ...details, state: "submitted", approval, run: about } as unknown as PlanDetails;
  if (!isRebalance(plan)) throw new Error("it is of moves");
  return viewText(planMessage(plan, { who, now }));
}

it("says of a plan whose run was kept from its start what became of it, and not that it was applied", () => {
  expect(shown("skipped", "stale")).toContain("Not carried out as A-92QX for @ana.");
  expect(shown("skipped", "expired")).toContain("Approved, and not begun in time as A-92QX");
  expect(shown("skipped", "approved")).toContain("Approved, and not begun in time as A-92QX");
  expect(shown("skipped", "superseded")).toContain("Superseded by a newer plan as A-92QX");
  expect(shown("stale", "stale")).toContain("Applied as run R-11CD for @ana at 10:00 UTC.");
});
