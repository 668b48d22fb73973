import type { ApprovalDetails } from "@kappa4/sdk";
import { describe, expect, it } from "vitest";
import { type ApprovalNewsKind, dueView } from "../../../src/commands/approve/due-view.ts";
import { approvalMessage } from "../../../src/commands/approve/message.ts";
import { viewText } from "../../../src/view/text.ts";
import { buttonsOf } from "../../support/fake-surface.ts";
import { broken, request, who } from "../../support/requests.ts";

function shown(kind: ApprovalNewsKind, approval: ApprovalDetails, reader?: string): string {
  const view = dueView(kind, approval, { who, reader });
  return view === undefined ? "" : viewText(view);
}

describe("a reminder", () => {
  it("says what waits, how many have approved, and who can", () => {
    const text = shown("remind", request());
    expect(text).toContain("Reminder · approval A-92QX · plan P-7F3K · gold");
    expect(text).toContain("Still undecided: 0 of 1. Can approve: @eva, @leo.");
    expect(text).toContain("Open until 11:00 UTC.");
    expect(text).toContain("/approve show A-92QX");
  });

  it("is not sent once somebody has decided", () => {
    expect(shown("remind", request({ state: "approved" }))).toBe("");
  });
});

it("a request from elsewhere says what would be done, all of it, and why it is of its class", () => {
  const text = shown("requested", request(), "eva");
  expect(text).toContain("3 moves would lower the busiest node");
  expect(text).toContain("pve-01 → pve-02: web-01 (101)");
  expect(text).toContain("Class 2: it makes 3 moves, 5 moves with those in the cluster");
});

describe("a class that has risen", () => {
  const risen = { from: 2, at: new Date("2026-03-02T10:00:00Z"), why: "it leaves a node empty" };
  const quorum = { approvals: 2, admins: 1, superAdmins: 0 };
  const higher = request({ risk: 3, risen, why: risen.why, quorum });

  it("is told with why, who asked, and how many are wanted now", () => {
    const text = shown("risen", higher, "eva");
    expect(text).toContain("Class 3 now, and no longer 2: it leaves a node empty.");
    expect(text).toContain("Approved: 0 of 2, 1 of them Admin.");
    expect(text).toContain("Asked by @ana");
  });

  it("is said in the message of the request, and no more told once that is decided", () => {
    const text = viewText(approvalMessage(higher, { who, now: risen.at }));
    expect(text).toContain("Class 3, asked for as 2: it leaves a node empty. Approved: 0 of 2");
    expect(shown("risen", request({ ...higher, state: "approved" }), "eva")).toBe("");
  });
});

describe("an emergency", () => {
  it("is told to everybody, and can be acknowledged by those who may", () => {
    for (const kind of ["alarm", "acknowledge", "overdue"] as const) {
      expect(shown(kind, broken, "ben")).toContain("EMERGENCY: @leo went past the others");
      expect(buttonsOf(dueView(kind, broken, { who, reader: "ben" }))).toEqual([]);
      const [button] = buttonsOf(dueView(kind, broken, { who, reader: "eva" }));
      expect(button).toMatchObject({ label: "Acknowledge" });
    }
    expect(shown("overdue", broken, "eva")).toContain("The time to acknowledge it is over");
  });

  it("that was acknowledged is asked about no more, and still told", () => {
    const seen = { ...broken, acknowledgers: [] };
    expect(shown("acknowledge", seen, "eva")).toBe("");
    expect(shown("overdue", seen, "eva")).toBe("");
    expect(shown("alarm", seen, "eva")).toContain("EMERGENCY");
  });
});

describe("what no longer holds", () => {
  it("says why, and how to plan again", () => {
    const ending = { at: new Date("2026-03-02T10:00:00Z"), reason: "P-9999" };
    const text = shown("superseded", request({ state: "superseded", ending }), "ana");
    expect(text).toContain("the newer plan P-9999 has taken its place");
    expect(text).toContain("/rebalance dry-run gold");
  });

  it("is called drifted only where the run found the cluster changed", () => {
    const as = (state: string): string => {
      const run = { shortId: "R-11CD", state } as ApprovalDetails["run"];
      return shown("stale", request({ state: "stale", run }), "ana");
    };
    expect(as("stale")).toMatch(/^Drifted · approval A-92QX/);
    expect(as("skipped")).toMatch(/^Not carried out · approval A-92QX/);
  });
});
