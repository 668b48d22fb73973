import { describe, expect, it } from "vitest";
import { movesIn, problems, start } from "./support/slack-workshop.ts";
import { ADMIN, isResult, OPERATOR, OTHER, VIEWER, type Workshop } from "./support/workshop.ts";

/** What is usual, but for the time to undo. */
const approvals = { undoMs: 0 };

/** Has a plan made and asked for; returns what the channel shows of it. */
async function ask(workshop: Workshop, words?: string) {
  const plan = await workshop.plan(words);
  await workshop.slack.click({ text: "Apply", user: OPERATOR });
  const request = await workshop.slack.waitForMessage(
    ({ text }) => text.startsWith("Approval A-") && text.includes("Approve: /approve"),
  );
  const id = /Approval (A-\w+)/.exec(request.text)?.[1] ?? "";
  return { plan, request, id };
}

/** Waits until a message says something. */
function says({ slack }: Workshop, { ts }: { readonly ts: string }, text: string | RegExp) {
  return slack.waitForMessage(
    (message) =>
      message.ts === ts &&
      (typeof text === "string" ? message.text.includes(text) : text.test(message.text)),
  );
}

/** Waits until somebody has a form on the screen. */
async function form({ slack, clock }: Workshop, user: string) {
  for (let tries = 0; tries < 1000 && slack.view(user) === undefined; tries += 1) {
    await clock.sleep(300);
  }
  return slack.view(user);
}

/** Waits for a direct message. */
function told({ slack }: Workshop, user: string, text: string) {
  return slack.waitForMessage(
    (message) =>
      message.text.includes(text) && slack.messages(user).some(({ ts }) => ts === message.ts),
  );
}

/** Makes an Admin of somebody. */
async function promote({ kappa4 }: Workshop, account: string): Promise<void> {
  const users = await kappa4.users.list();
  const user = users.find(({ accounts }) => accounts.some((one) => one.account === account));
  const input = { user: user?.id ?? "", role: "admin", reason: "there was only one" };
  const answer = await kappa4.grants.give(input);
  if (answer.state === "started") await kappa4.runs.wait({ run: answer.run.id });
}

describe("an approval in Slack", () => {
  it.each(["socket", "http"] as const)(
    "starts the plan with somebody else's yes, once, and with nobody's else (%s)",
    async (mode) => {
      const workshop = await start(mode, { approvals });
      const { slack, cluster } = workshop;
      const { plan, request, id } = await ask(workshop);
      expect(request.text).toContain(`Asked by <@${OPERATOR}>`);
      expect(request.text).toContain("Class 2: it makes 5 moves. Approved: 0 of 1.");
      expect(request.text).toContain(`2 can approve: <@${ADMIN}>, <@${OTHER}>`);
      expect(request.text).toMatch(/Open until .*, for 1 h/);
      await says(workshop, plan, `Waits for approval as ${id}`);

      await slack.click({ text: "Approve", user: OPERATOR });
      await workshop.whispered(OPERATOR, "You asked for this yourself");
      await slack.click({ text: "Approve", user: "viewer" });
      await workshop.whispered(VIEWER, "You are not permitted to do this; ask");
      await slack.click({ text: "Approve", user: "guest" });
      await workshop.whispered("U0GUEST0001", "You are a guest of this workspace.");
      await slack.click({ text: "Approve", user: "stranger" });
      await workshop.whispered("U0STRANGER1", "You belong to another workspace.");
      expect(cluster.moves).toHaveLength(0);

      await Promise.all([
        slack.click({ text: "Approve", user: OTHER, duplicates: 2 }),
        slack.click({ text: "Approve", user: OTHER, duplicates: 2 }),
        slack.click({ text: "Approve", user: ADMIN }),
      ]);
      await slack.waitForMessage(isResult);
      const shown = await says(workshop, request, "Approved: run R-");
      expect(shown.text).toMatch(/Approved by <@U0(OPERATOR2|ADMIN0001)> at .* \(1 of 1\)/);
      expect(shown.blocks.map(({ type }) => type)).not.toContain("actions");
      await says(workshop, plan, "Applied as run R-");
      await told(workshop, OPERATOR, `Approval ${id}`);
      const asked = [OTHER, ADMIN].flatMap((user) => slack.messages(user));
      expect(asked, "the channel has it").toEqual([]);
      expect(cluster.moves).toHaveLength(movesIn(plan.text));
      expect(slack.messages().filter(isResult)).toHaveLength(1);
      const isRepeat = "request came again and is ignored";
      expect(problems(workshop).filter(({ message }) => message !== isRepeat)).toEqual([]);
    },
  );

  it("asks why somebody says no, ends with it, and tells who asked", async () => {
    const workshop = await start("socket", { approvals });
    const { slack, cluster } = workshop;
    const { plan, request, id } = await ask(workshop);
    await slack.click({ text: "Deny", user: OTHER });
    expect(JSON.stringify(await form(workshop, OTHER))).toContain(`Deny ${id}`);
    await slack.submitView({ user: OTHER, values: { reason: "the backup runs" } });
    await says(workshop, request, `Denied by <@${OTHER}>`);
    const news = await told(workshop, OPERATOR, `Denied by <@${OTHER}>`);
    expect(news.text).toContain("the backup runs");
    await says(workshop, plan, `Denied as ${id}`);
    const name = /Plan (P-\w+)/.exec(plan.text)?.[1];
    await slack.slash("/rebalance", `apply ${name}`, { user: OPERATOR });
    await workshop.whispered(OPERATOR, `was denied (${id})`);
    await slack.slash("/approve", id, { user: ADMIN });
    await workshop.whispered(ADMIN, "This was denied; talk to who denied it");
    expect(cluster.moves).toHaveLength(0);
  });

  it("expires when nobody decides in time", async () => {
    const workshop = await start("socket", { approvals });
    const { slack, cluster } = workshop;
    const { request, id } = await ask(workshop);
    workshop.clock.shift(61 * 60_000);
    const shown = await says(workshop, request, "nobody decided in time");
    expect(shown.blocks.map(({ type }) => type)).not.toContain("actions");
    await told(workshop, OPERATOR, "nobody decided in time");
    await slack.slash("/approve", id, { user: OTHER });
    await workshop.whispered(OTHER, "This has expired; make a new plan and ask again.");
    expect(cluster.moves).toHaveLength(0);
  });

  it("starts nothing when the cluster has changed meanwhile, and says so", async () => {
    const workshop = await start("socket", { approvals });
    const { slack, cluster, kappa4 } = workshop;
    const { plan, request } = await ask(workshop);
    const name = /Plan (P-\w+)/.exec(plan.text)?.[1] ?? "";
    const { content } = await kappa4.plans.get({ plan: name });
    const [first] = (content as { moves: readonly { to: string }[] }).moves;
    cluster.setNodeOnline(first?.to ?? "", false);
    await slack.click({ text: "Approve", user: OTHER });
    const result = await slack.waitForMessage(isResult);
    expect(result.text).toMatch(/Nothing was started|cluster has changed/);
    expect(cluster.moves).toHaveLength(0);
    const shown = await says(workshop, request, "Drifted");
    expect(shown.text).toMatch(/the cluster has changed since: .* Run R-/);
    await told(workshop, OPERATOR, "Drifted");
  });

  it("is taken back by who asked, and can be listed and looked at until then", async () => {
    const workshop = await start("socket", { approvals });
    const { slack, cluster } = workshop;
    await slack.slash("/approve", "list", { user: OTHER });
    await workshop.whispered(OTHER, "Nothing waits for approval.");
    const { request, id } = await ask(workshop);
    await slack.slash("/approve", "list --mine", { user: OTHER });
    await workshop.whispered(OTHER, `${id} ·`);
    await slack.slash("/approve", `show ${id}`, { user: "viewer" });
    await workshop.whispered(VIEWER, "can approve: ");
    await slack.click({ text: "Withdraw", user: OTHER, messageTs: request.ts });
    await workshop.whispered(OTHER, "Only who asked for this or an Admin may stop it");
    await slack.click({ text: "Withdraw", user: OPERATOR, messageTs: request.ts });
    await says(workshop, request, `Withdrawn by <@${OPERATOR}>`);
    expect(cluster.moves).toHaveLength(0);
  });

  it("takes two, one of them an Admin, and a reason for a plan that empties a node", async () => {
    const workshop = await start("socket", { approvals: { undoMs: 0, stepUpFrom: "never" } });
    const { slack } = workshop;
    const plan = await workshop.plan("--maintenance pve2");
    await slack.click({ text: "Apply", user: OPERATOR });
    await form(workshop, OPERATOR);
    await slack.submitView({ user: OPERATOR, values: { reason: "a disk is changed" } });
    const request = await slack.waitForMessage(({ text }) => text.startsWith("Approval A-"));
    expect(request.text).toMatch(
      /Class 3: it leaves a node empty.*Approved: 0 of 2, 1 of them Admin\./,
    );
    expect(request.text).toContain("a disk is changed");
    await slack.click({ text: "Approve", user: OTHER });
    await says(workshop, request, "(1 of 2)");
    await told(workshop, OPERATOR, "1 of 2");
    await slack.click({ text: "Approve", user: OTHER });
    await workshop.whispered(OTHER, "Your word is counted already");
    await slack.click({ text: "Approve", user: ADMIN });
    await says(workshop, plan, "Applied as run R-");
    await slack.waitForMessage(isResult);
  });

  it("is passed over by an Admin in an emergency, with words that nobody overlooks", async () => {
    const workshop = await start("socket", { approvals: { undoMs: 0, stepUpFrom: "never" } });
    const { slack } = workshop;
    const { request, id } = await ask(workshop);
    const hash = /hash (\w{4} \w{4})/.exec(request.text)?.[1]?.replace(" ", "");
    const words = `--ticket INC-7 --hash ${hash} -- pve1 is about to run out of memory`;
    await slack.slash("/approve", `break-glass ${id} ${words}`, { user: OTHER });
    await workshop.whispered(OTHER, "Only an Admin may do this");
    // With its space, as it is shown: the half behind the space is not of the hash.
    const half = words.replace(String(hash), String(hash).slice(0, 4));
    await slack.slash("/approve", `break-glass ${id} ${half}`, { user: ADMIN });
    await workshop.whispered(ADMIN, "at least the first 8 characters of the plan's hash");
    await slack.slash("/approve", `break-glass ${id} ${words}`, { user: ADMIN });
    await says(workshop, request, `EMERGENCY: <@${ADMIN}> went past the others`);
    const alarm = await told(workshop, OTHER, "EMERGENCY · approval");
    expect(alarm.text).toContain("INC-7: pve1 is about to run out of memory");
    await slack.click({ text: "Acknowledge", user: ADMIN, messageTs: request.ts });
    await workshop.whispered(ADMIN, "You did this yourself");
    await promote(workshop, OTHER);
    await slack.slash("/approve", `acknowledge ${id}`, { user: OTHER });
    const seen = await says(workshop, request, `Acknowledged by <@${OTHER}>`);
    expect(seen.blocks.map(({ type }) => type)).not.toContain("actions");
    await slack.waitForMessage(isResult);
  });

  it("is reminded of once, below its message, and gives way to a newer plan", async () => {
    const workshop = await start("socket", { approvals });
    const { slack, kappa4, clock } = workshop;
    const { request, id } = await ask(workshop);
    clock.shift(31 * 60_000);
    const attend = () => kappa4.as({ actor: { kind: "system" }, via: "sdk" }).approvals.attend();
    await attend();
    const isReminder = ({ text }: { readonly text: string }) => text.startsWith("Reminder · ");
    const reminder = await slack.waitForMessage(isReminder);
    expect(reminder.text).toContain(`approval ${id}`);
    expect(reminder.text).toContain(`Can approve: <@${ADMIN}>, <@${OTHER}>`);
    await attend();

    // Of the same risk class: a smaller one would take nobody's place.
    const newer = await kappa4.rebalance.plan({ options: { maxMoves: 4 } });
    await kappa4.rebalance.apply({ plan: newer.shortId });
    await says(workshop, request, `the newer plan ${newer.shortId} has taken its place`);
    await told(workshop, OPERATOR, `the newer plan ${newer.shortId}`);
    expect(slack.messages().filter(isReminder)).toHaveLength(1);
    const news = slack.messages(OPERATOR).filter(({ text }) => text.includes(newer.shortId));
    expect(news).toHaveLength(1);
  });

  it("that was asked for elsewhere is told to those who can give it, and they can", async () => {
    const workshop = await start("socket", { approvals });
    const { slack, kappa4 } = workshop;
    const users = await kappa4.users.list();
    const asker = users.find(({ accounts }) =>
      accounts.some(({ account }) => account === OPERATOR),
    );
    if (asker === undefined) throw new Error("the operator was brought");
    const elsewhere = kappa4.as({ actor: { kind: "person", id: asker.id }, via: "sdk" });
    const plan = await elsewhere.rebalance.plan({ options: { maxMoves: 5 } });
    const reason = "the nodes are uneven";
    const answer = await elsewhere.rebalance.apply({ plan: plan.shortId, reason });
    if (answer.state !== "waiting") throw new Error("five moves need a second person");
    const { shortId } = answer.approval;
    for (const user of [OTHER, ADMIN]) {
      const message = await told(workshop, user, "Your approval is asked for");
      expect(message.text).toContain(`approval ${shortId}`);
      expect(message.text).toContain(`Asked by <@${OPERATOR}>: ${reason}`);
    }
    await slack.slash("/approve", shortId, { user: OTHER });
    await told(workshop, OPERATOR, `Approval ${shortId}`);
    expect(slack.messages(OPERATOR).map(({ text }) => text)).not.toContainEqual(
      expect.stringContaining("Your approval is asked for"),
    );
  });

  it("is told to who asked when it was decided while nobody served, and once", async () => {
    const workshop = await start("socket", { approvals });
    const { slack } = workshop;
    const { id } = await ask(workshop);
    await workshop.bot.close();
    const users = await workshop.kappa4.users.list();
    const other = users.find(({ accounts }) => accounts.some(({ account }) => account === OTHER));
    if (other === undefined) throw new Error("the other one was brought");
    const caller = { actor: { kind: "person", id: other.id }, via: "sdk" } as const;
    await workshop.kappa4.as(caller).approvals.deny({ approval: id, reason: "the backup runs" });
    await workshop.restart();
    await told(workshop, OPERATOR, `Denied by <@${OTHER}>`);
    await workshop.restart();
    const news = slack.messages(OPERATOR).filter(({ text }) => text.includes("Denied by"));
    expect(news).toHaveLength(1);
  });

  it("can be given after a restart, on the message that was posted before it", async () => {
    const workshop = await start("socket", { approvals });
    const { slack, cluster } = workshop;
    const { plan, request } = await ask(workshop);
    await workshop.restart();
    await slack.click({ text: "Approve", user: OTHER });
    await says(workshop, request, `Approved by <@${OTHER}>`);
    await slack.waitForMessage(isResult);
    expect(cluster.moves).toHaveLength(movesIn(plan.text));
  });
});
