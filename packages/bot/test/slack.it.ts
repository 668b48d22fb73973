import { describe, expect, it } from "vitest";
import { movesIn, problems, start } from "./support/slack-workshop.ts";
import { isResult, OPERATOR, VIEWER } from "./support/workshop.ts";

describe.each(["socket", "http"] as const)("a rebalance in Slack over %s", (mode) => {
  it("goes from command to plan, Apply, progress edited in place, and measured result", async () => {
    const workshop = await start(mode);
    const { slack, cluster, kappa4 } = workshop;
    const { before } = await kappa4.rebalance.preview();
    const command = await slack.slash("/rebalance", "dry-run --max-moves 5", { user: OPERATOR });
    expect(command).toMatchObject({ outcome: "acknowledged", via: mode, userSees: undefined });
    expect(command.message?.text).toBe("Reading the cluster and planning; nothing is changed.");
    const plan = await slack.waitForMessage(({ text }) => text.includes("Apply: /rebalance apply"));
    expect(plan.blocks.map(({ type }) => type)).toEqual(
      expect.arrayContaining([
        "header",
        "data_visualization",
        "data_table",
        "rich_text",
        "actions",
      ]),
    );
    expect(cluster.moves).toHaveLength(0);

    const { progress, result } = await workshop.apply();
    const moves = cluster.moves.length;
    expect(moves).toBeGreaterThan(0);
    expect(progress.history.length).toBeGreaterThan(2);
    expect(progress.history.slice(1).every(({ by }) => by === "chat.update")).toBe(true);
    expect(progress.history[0]?.text).toContain("Starts in a moment");
    expect(progress.text).toContain(`${moves} of ${moves} moves done`);
    expect(result.text).toMatch(
      /\d+ of \d+ moves done in .*: the busiest node went from \d+ % to \d+ % memory\./,
    );
    const inChannel = slack.messages().filter(({ isBot }) => isBot);
    expect(inChannel.map(({ ts }) => ts)).toEqual([plan.ts, progress.ts, result.ts]);
    expect(inChannel[0]?.text).toContain("Applied as run R-");
    expect(inChannel[0]?.blocks.map(({ type }) => type)).not.toContain("actions");
    expect(slack.acks().every(({ isLate }) => !isLate)).toBe(true);

    const { before: levelled } = await kappa4.rebalance.preview();
    expect(levelled.spread).toBeLessThan(before.spread / 2);
    expect(problems(workshop)).toEqual([]);
  });

  it("runs once, however often Apply is pressed and however often a press is delivered", async () => {
    const workshop = await start(mode);
    const { slack, cluster } = workshop;
    await workshop.plan();
    const presses = await Promise.all([
      slack.click({ text: "Apply", user: OPERATOR, duplicates: 2 }),
      slack.click({ text: "Apply", user: OPERATOR, duplicates: 2 }),
    ]);
    expect(presses.every(({ outcome }) => outcome === "acknowledged")).toBe(true);
    await workshop.whispered(OPERATOR, "was applied already, as run R-");
    await slack.click({ text: "Apply", user: OPERATOR, stale: true });
    await slack.waitForMessage(isResult);
    const [plan] = slack.messages();
    expect(cluster.moves).toHaveLength(movesIn(plan?.text));
    expect(slack.messages().filter(isResult)).toHaveLength(1);
  });

  it("lets a command that is delivered again have no second effect", async () => {
    const workshop = await start(mode);
    const { slack } = workshop;
    const command = await slack.slash("/rebalance", "dry-run --max-moves 5", {
      user: OPERATOR,
      duplicates: 3,
    });
    await slack.waitForMessage(({ text }) => text.includes("Apply: /rebalance apply"));
    const again = await slack.replay(command);
    expect(again.outcome).toBe("acknowledged");
    await workshop.plan();
    expect(slack.calls("chat.postMessage")).toHaveLength(2);
    expect(slack.messages()).toHaveLength(2);
  });

  it("refuses everybody who may not, in private, and changes nothing", async () => {
    const workshop = await start(mode);
    const { slack, cluster } = workshop;
    await workshop.plan();
    await slack.click({ text: "Apply", user: "viewer" });
    await workshop.whispered(VIEWER, "Ask somebody who is Operator, Admin, or Super Admin.");
    await slack.slash("/rebalance", "dry-run", { user: "viewer" });
    await workshop.whispered(VIEWER, "needs the permission rebalance.plan");
    for (const [user, id, why] of [
      ["guest", "U0GUEST0001", "You are a guest of this workspace."],
      ["stranger", "U0STRANGER1", "You belong to another workspace."],
      ["gone", "U0GONE00001", "Your account is switched off."],
    ] as const) {
      await slack.click({ text: "Apply", user });
      await workshop.whispered(id, why);
      await slack.slash("/rebalance", "dry-run", { user });
    }
    await slack.slash("/rebalance", "apply P-0000", { user: "viewer" });
    await slack.slash("/rebalance", "status", { user: "viewer" });
    await workshop.whispered(VIEWER, "Plans, the newest first");
    expect(cluster.moves).toHaveLength(0);
    expect(slack.messages()).toHaveLength(1);
  });

  it("refuses when Slack does not say who somebody is", async () => {
    const workshop = await start(mode);
    const { slack, cluster } = workshop;
    await workshop.plan();
    workshop.clock.shift(61_000);
    slack.inject({ kind: "error", method: "users.info", error: "internal_error", times: 1 });
    await slack.click({ text: "Apply", user: OPERATOR });
    await workshop.whispered(OPERATOR, "Slack does not say right now who you are");
    expect(cluster.moves).toHaveLength(0);
  });
});

describe("a rebalance in Slack", () => {
  it("answers questions while the edits of a run are held back, and shows the end all the same", async () => {
    const workshop = await start("socket");
    const { slack } = workshop;
    await workshop.plan();
    slack.inject({ kind: "rate_limited", method: "chat.update", retryAfterSeconds: 20, times: 2 });
    const applied = workshop.apply();
    await slack.waitForMessage(({ text }) => /^Run R-/.test(text));
    await slack.slash("/rebalance", "status", { user: "viewer" });
    await workshop.whispered(VIEWER, "Runs, the newest first");
    const { progress } = await applied;
    expect(progress.text).toContain("0 running");
  });

  it("takes blocks that the workspace refuses out of its messages, and remembers them", async () => {
    const workshop = await start("socket");
    const { slack } = workshop;
    slack.rejectBlocks("data_visualization");
    slack.rejectBlocks("data_table");
    const plan = await workshop.plan();
    const types = plan.blocks.map(({ type }) => type);
    expect(types).toContain("table");
    expect(types).not.toContain("data_table");
    expect(types).not.toContain("data_visualization");
    const before = slack.calls("chat.postMessage").length;
    await workshop.plan();
    expect(slack.calls("chat.postMessage")).toHaveLength(before + 1);
  });

  it("says how to invite it where it may not write", async () => {
    const workshop = await start("socket");
    await workshop.slack.slash("/rebalance", "dry-run --max-moves 5", {
      user: OPERATOR,
      channel: "general",
    });
    const told = await workshop.whispered(OPERATOR, "invite the app to the channel");
    expect(told.text).toContain("Code: permission");
  });

  it("reaches the person when neither the channel nor the request takes an answer", async () => {
    const workshop = await start("socket");
    const { slack } = workshop;
    slack.inject({ kind: "error", method: "chat.postEphemeral", error: "channel_not_found" });
    slack.inject({ kind: "http_error", method: "response_url", status: 404 });
    await slack.slash("/rebalance", "status", { user: "viewer" });
    await slack.waitForMessage(({ text }) => text.includes("No run is under way"));
    expect(slack.messages("viewer").map(({ text }) => text)).toEqual([
      expect.stringContaining("No run is under way, and no plan waits."),
    ]);
  });

  it("explains, ranks nodes, helps and corrects, each in private", async () => {
    const workshop = await start("socket");
    const { slack } = workshop;
    await workshop.plan();
    await slack.click({ text: "Explain", user: "viewer" });
    await workshop.whispered(VIEWER, "Why · plan P-");
    const { guests } = await workshop.kappa4.cluster.snapshot();
    const name = guests[0]?.name ?? "";
    await slack.slash("/rebalance", `explain ${name}`, { user: OPERATOR });
    await workshop.whispered(OPERATOR, "Nodes for it, the best first");
    await slack.slash("/rebalance", `best-node ${name}`, { user: OPERATOR });
    await workshop.whispered(OPERATOR, `Best node for ${name}`);
    await slack.slash("/rebalance", "best-node --cores 2 --memory 4G", { user: OPERATOR });
    await workshop.whispered(OPERATOR, "Best node for a new guest of 2 cores and 4 GiB");
    await slack.slash("/rebalance", "best-node nobody", { user: OPERATOR });
    await workshop.whispered(OPERATOR, 'has no guest "nobody".');
    const { nodes } = await workshop.kappa4.cluster.snapshot();
    const node = nodes[0]?.name ?? "";
    await slack.slash("/rebalance", "whatif node-fails", { user: OPERATOR });
    await workshop.whispered(OPERATOR, "If a node fails");
    await slack.slash("/rebalance", `whatif drain ${node}`, { user: OPERATOR });
    await workshop.whispered(OPERATOR, `What if ${node} is emptied`);
    await slack.slash("/rebalance", "whatif node-added pve9 --cores 32", { user: OPERATOR });
    await workshop.whispered(OPERATOR, "both --cores and --memory");
    const [one, other] = guests.map((guest) => guest.name);
    const apart = `whatif rule-added --apart ${one},${other}`;
    await slack.slash("/rebalance", apart, { user: OPERATOR });
    await workshop.whispered(OPERATOR, "is added");
    await slack.slash("/rebalance", "rules", { user: "viewer" });
    await workshop.whispered(VIEWER, "Rules");
    const help = await slack.slash("/rebalance", "help", { user: "viewer" });
    expect(help.message?.text).toContain("/rebalance dry-run");
    const typo = await slack.slash("/rebalance", "dry-rum", { user: "viewer" });
    expect(typo.message?.text).toContain("Did you mean dry-run?");
    await slack.mention("rebalance status", { user: "viewer" });
    await workshop.whispered(VIEWER, "Plans, the newest first");
    await slack.mention("dance", { user: "viewer" });
    await workshop.whispered(VIEWER, "There is no command dance.");
    expect(slack.messages().filter(({ isBot }) => isBot)).toHaveLength(1);
  });

  it("shows a cluster that cannot be read as an error with a next step", async () => {
    const workshop = await start("socket");
    await workshop.cluster.close();
    await workshop.slack.slash("/rebalance", "dry-run --max-moves 5", { user: OPERATOR });
    const told = await workshop.whispered(OPERATOR, "Code: network");
    expect(told.text).toContain("gold");
  });

  it("is stopped in the middle of a run, and goes on with it when it is started again", async () => {
    const workshop = await start("socket", { timeScale: 20, drainMs: 1000 });
    const { slack, cluster } = workshop;
    const plan = await workshop.plan();
    await slack.click({ text: "Apply", user: OPERATOR });
    await slack.waitForMessage(({ text }) => /[12] running/.test(text));
    const before = workshop.bot;
    await workshop.restart();
    expect(before.isOpen()).toBe(false);
    // Where the first message stands is known to no process any more, so who asked is written to.
    const result = await slack.waitForMessage(isResult);
    expect(slack.messages(OPERATOR).map(({ ts }) => ts)).toContain(result.ts);
    expect(result.text).toContain(`${movesIn(plan.text)} of ${movesIn(plan.text)} moves done`);
    expect(cluster.moves).toHaveLength(movesIn(plan.text));
  });

  it("knows its buttons after it was started again, and changes the message they are on", async () => {
    const workshop = await start("socket");
    const { slack, cluster } = workshop;
    const plan = await workshop.plan();
    await workshop.restart();
    await slack.click({ text: "Apply", user: OPERATOR });
    const shown = await slack.waitForMessage(
      ({ ts, text }) => ts === plan.ts && text.includes("Applied as run R-"),
    );
    expect(shown.blocks.map(({ type }) => type)).not.toContain("actions");
    await slack.waitForMessage(isResult);
    expect(cluster.moves).toHaveLength(movesIn(plan.text));
  });
});
