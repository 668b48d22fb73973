import type { ApprovalDetails } from "@kappa4/sdk";
import { describe, expect, it } from "vitest";
import { approvalMessage, approvalsView } from "../../../src/commands/approve/message.ts";
import { readButton } from "../../../src/commands/button.ts";
import { newsOf } from "../../../src/core/news.ts";
import { viewText } from "../../../src/view/text.ts";
import { buttonsOf } from "../../support/fake-surface.ts";
import { broken, deadline, glass, hash, now, request, who } from "../../support/requests.ts";

function text(approval: ApprovalDetails, at: Date = now): string {
  return viewText(approvalMessage(approval, { who, now: at }));
}

describe("the message of a request", () => {
  it("says what, of which class, for whom and why, how many, who can, and until when", () => {
    const shown = text(request());
    expect(shown).toContain("Approval A-92QX · plan P-7F3K · gold");
    expect(shown).toContain("3 moves would lower the busiest node from 91 % to 58 % memory");
    expect(shown).toContain("pve-01 → pve-02: web-01 (101)");
    expect(shown).toContain("Asked by @ana: pve-01 is full");
    expect(shown).toContain(
      "Class 2: it makes 3 moves, 5 moves with those in the cluster within an hour that nobody has voted on. Approved: 0 of 1.",
    );
    expect(shown).toContain("2 can approve: @eva, @leo.");
    expect(shown).toContain("Open until 11:00 UTC, for 1 h · hash 9f2c 11ab");
  });

  it("says how it is to be carried out, where who asks has said so", () => {
    const options = { maxParallel: 1, onFailure: "continue" };
    expect(text(request({ options }))).toContain(
      "Carried out with maxParallel 1, onFailure continue.",
    );
    expect(text(request())).not.toContain("Carried out with");
  });

  it("has buttons that name the approval and the whole hash, and a question for a no", () => {
    const actions = buttonsOf(approvalMessage(request(), { who, now }));
    expect(actions.map(({ label }) => label)).toEqual(["Approve", "Deny", "Explain", "Withdraw"]);
    const [yes, no] = actions.map(({ value = "" }) => readButton(value));
    expect(yes).toMatchObject({ command: "approve", input: { approval: "A-92QX", hash } });
    expect(no).toMatchObject({ verb: "deny", ask: "reason", on: "A-92QX" });
    expect(actions[0]?.confirm?.text).toMatch(/^3 guests move .* Hash 9f2c 11ab\.$/);
  });

  it("names five of those who can, and counts the others", () => {
    const approvers = Array.from({ length: 8 }, (_, index) => ({ id: `p${index}`, name: "" }));
    expect(text(request({ approvers }))).toContain(
      "8 can approve: @p0, @p1, @p2, @p3, @p4 and 3 more.",
    );
  });

  it("says at once when too few people are there", () => {
    const shown = text(request({ approvers: [] }));
    expect(shown).toContain("Too few people here can approve this (0 of 1 who are needed).");
    expect(shown).toContain("/approve break-glass A-92QX");
    const governing = text(request({ approvers: [], risk: 4 }));
    expect(governing).toContain("name another Super Admin in the configuration");
    expect(governing).not.toContain("break-glass");
  });

  it("shows each yes with how many that makes, and who has to be among them", () => {
    const votes = [{ person: "eva", decision: "approve", at: now }] as const;
    const quorum = { approvals: 2, admins: 1, superAdmins: 0 };
    const shown = text(request({ votes, quorum, risk: 3 }));
    expect(shown).toContain("Approved: 1 of 2, 1 of them Admin.");
    expect(shown).toContain("Approved by @eva at 10:00 UTC (1 of 2)");
  });

  it("has no buttons once its time is over, whoever has noticed it", () => {
    const late = approvalMessage(request(), { who, now: deadline });
    expect(buttonsOf(late)).toEqual([]);
    expect(viewText(late)).toContain("The time to decide is over; nothing was done.");
  });
});

describe("a request that is decided", () => {
  const at = now;
  it.each([
    [
      "denied",
      { ending: { at, by: "eva", reason: "backup" } },
      "Denied by @eva at 10:00 UTC: backup",
    ],
    ["withdrawn", { ending: { at, by: "ana" } }, "Withdrawn by @ana at 10:00 UTC"],
    ["expired", { ending: { at } }, "Expired at 10:00 UTC: nobody decided in time."],
    [
      "superseded",
      { ending: { at, reason: "P-1" } },
      "Superseded at 10:00 UTC: the newer plan P-1 has taken its place.",
    ],
    ["stale", { ending: { at } }, "Not carried out at 10:00 UTC."],
  ] as const)("%s says so in words, to the channel and to who asked", (state, changes, words) => {
    const decided = request({ state, ...changes });
    const message = approvalMessage(decided, { who, now });
    expect(viewText(message)).toContain(words);
    expect(buttonsOf(message)).toEqual([]);
    expect(viewText(newsOf(decided, who))).toContain(words);
  });

  it("and found to have drifted says what differs, and names the run", () => {
    const run = { shortId: "R-11CD", state: "stale" } as ApprovalDetails["run"];
    const ending = { at, reason: "web-01 is on pve3, not on pve2 as planned; plan again." };
    const shown = text(request({ state: "stale", run, ending }));
    expect(shown).toContain("since: web-01 is on pve3, not on pve2 as planned; plan again. Run R-");
  });

  it("and kept from its start says what by, and nothing of the cluster", () => {
    const run = { shortId: "R-11CD", state: "skipped" } as ApprovalDetails["run"];
    const shown = text(
      request({ state: "stale", run, ending: { at, reason: "Changes are frozen." } }),
    );
    expect(shown).toContain("Not carried out at 10:00 UTC: Changes are frozen. Run R-11CD.");
    expect(shown).not.toContain("changed since");
  });

  it("and that nobody began in time does not say that nobody decided", () => {
    const run = { shortId: "R-11CD", state: "skipped" } as ApprovalDetails["run"];
    const shown = text(request({ state: "expired", run, ending: { at } }));
    expect(shown).toContain("Expired at 10:00 UTC: nobody began it in time.");
  });

  it("past the others says who, for what and why before anything else", () => {
    expect(text(broken)).toMatch(
      /^Approval .*\n+EMERGENCY: @leo went past the others at 10:00 UTC, INC-7: it burns/,
    );
    const ending = { at, reason: "web-01 is gone" };
    expect(text({ ...broken, state: "stale", ending })).toMatch(
      /EMERGENCY.*Not carried out at.*is gone/,
    );
  });

  it("past the others can be acknowledged from then on, and shows who did", () => {
    const [button] = buttonsOf(approvalMessage(broken, { who, now }));
    expect(button).toMatchObject({ label: "Acknowledge", command: "/approve acknowledge A-92QX" });
    expect(readButton(button?.value ?? "")).toMatchObject({
      verb: "acknowledge",
      input: { approval: "A-92QX" },
    });
    const seen = { ...glass, acknowledged: { by: "eva", at } };
    const message = approvalMessage({ ...broken, breakGlass: seen }, { who, now });
    expect(buttonsOf(message)).toEqual([]);
    expect(viewText(message)).toContain("Acknowledged by @eva at 10:00 UTC");
  });
});

describe("a request for something else than moves", () => {
  const details = { ...request().details, action: "instances.stop" };
  const sentence = "Stops db-1 (102) on gold: pulls the plug by force.";
  const facts = [
    { name: "Instance", value: "db-1 (102)" },
    { name: "Mode", value: "force" },
  ];
  const other = request({
    details,
    does: { sentence, facts },
    why: "it starts or stops an instance",
  });

  it("says what would be done, all of it and why it is of its class, and has nothing to explain", () => {
    const [, said, first, second] = text(other).split(/\n+/);
    expect([said, first, second]).toEqual([sentence, "Instance: db-1 (102)", "Mode: force"]);
    expect(text(other)).toContain("Class 2: it starts or stops an instance.");
    const labels = buttonsOf(approvalMessage(other, { who, now })).map(({ label }) => label);
    expect(labels).toEqual(["Approve", "Deny", "Withdraw"]);
  });

  it("asks with the same words before a yes, and points at the message where they are too many", () => {
    const asked = (approval: ApprovalDetails) =>
      buttonsOf(approvalMessage(approval, { who, now }))[0]?.confirm?.text ?? "";
    expect(asked(other)).toBe(`${sentence} Instance: db-1 (102); Mode: force. Hash 9f2c11ab.`);
    const many = Array.from({ length: 40 }, (_, index) => ({
      name: `value ${index}`,
      value: "1 → 0",
    }));
    const longer = request({ details, does: { sentence, facts: many } });
    expect(asked(longer)).toBe(
      `${sentence} Read in the message what exactly before you approve. Hash 9f2c11ab.`,
    );
    expect(text(longer)).toContain("value 39: 1 → 0");
  });
});

describe("approvalsView", () => {
  it("lists what waits, a line each", () => {
    const listed = viewText(approvalsView([request()], (id) => `@${id}`));
    expect(listed).toContain("A-92QX");
    expect(listed).toContain("Eva, Leo");
    expect(viewText(approvalsView([], String))).toBe("Nothing waits for approval.");
  });
});
