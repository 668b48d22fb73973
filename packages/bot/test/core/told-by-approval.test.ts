import type { ApprovalView, EventType, EventView, ListEventsInput, RunView } from "@kappa4/sdk";
import { describe, expect, it } from "vitest";
import { isToldByApproval } from "../../src/core/told-by-approval.ts";

const ANA = "usr_01h455vb4pex5vsknk084sn02q";
const APPROVAL = "apr_1" as ApprovalView["id"];

/** Asks of a run that Ana wanted while there is one piece of news about its approval. */
function ask(
  state: RunView["state"],
  type: EventType,
  data: object,
  hasApproval = true,
): Promise<boolean> {
  const news: EventView = {
    ...{ id: "evt_1" as EventView["id"], type, source: "kappa4", subject: APPROVAL },
    ...{ severity: "notice", at: new Date(0), endAt: null, summary: "" },
    data: { people: [ANA], ...data },
  };
  const parts = {
    plans: { get: async () => ({ approval: hasApproval ? { id: APPROVAL } : undefined }) },
    events: {
      list: async ({ subject, types }: Pick<ListEventsInput, "subject" | "types"> = {}) =>
        subject === APPROVAL && types?.includes(type) ? [news] : [],
    },
  };
  const plan = "pln_1" as RunView["plan"];
  return isToldByApproval(parts, { state, plan, requestedBy: ANA });
}

describe("the end of a run that came to nothing", () => {
  it("is told by what became of its approval, to the same person", async () => {
    expect(await ask("skipped", "approval.superseded", {})).toBe(true);
    expect(await ask("stale", "approval.stale", {})).toBe(true);
    expect(await ask("skipped", "approval.decided", { state: "withdrawn" })).toBe(true);
    expect(await ask("skipped", "approval.superseded", { people: [] })).toBe(false);
  });

  it("is told itself where that says no more than that it was approved, or there is none", async () => {
    expect(await ask("skipped", "approval.decided", { state: "approved" })).toBe(false);
    expect(await ask("skipped", "approval.decided", { state: "expired" })).toBe(false);
    expect(await ask("skipped", "approval.remind", {})).toBe(false);
    expect(await ask("stale", "approval.stale", {}, false)).toBe(false);
    expect(await ask("failed", "approval.superseded", {})).toBe(false);
  });
});
