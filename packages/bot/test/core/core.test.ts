import { Kappa4Error } from "@kappa4/sdk";
import { describe, expect, it } from "vitest";
import type { RequestContent } from "../../src/core/request.ts";
import { viewText } from "../../src/view/text.ts";
import { buttonsOf, shownText } from "../support/fake-surface.ts";
import { settle } from "../support/manual-clock.ts";
import { doneResult, failedResult, levelPlan, statuses } from "../support/plans.ts";
import { openRoom, planId, tokenOf } from "../support/room.ts";

describe("a rebalance in chat", () => {
  it("plans, applies, shows progress in one message and the result below it", async () => {
    const room = openRoom();
    expect(await room.type("dry-run --max-moves 5")).toBe(
      "Reading the cluster and planning; nothing is changed.",
    );
    expect(room.kappa4.asked).toEqual([
      { connection: "gold", options: expect.objectContaining({ maxMoves: 5 }) },
    ]);
    const [plan] = room.surface.messages;
    expect(buttonsOf(plan?.views[0]).map(({ label }) => label)).toEqual([
      "Apply",
      "Explain",
      "Run again",
      "Discard",
    ]);
    expect(buttonsOf(plan?.views[0])[0]?.confirm?.text).toMatch(
      /^3 guests move between pve-01, pve-03, pve-02 of cluster gold: balance 71 → 5 points\. 1 guest is stopped and started again\. Hash [0-9a-f]{4} [0-9a-f]{4}\.$/,
    );

    await room.press("Apply", "UEVA");
    expect(shownText(plan)).toContain("Applied as run R-");
    expect(shownText(plan)).toContain("by @UEVA");
    expect(buttonsOf(plan?.views.at(-1))).toEqual([]);
    const [run] = room.kappa4.runs;
    const moves = statuses(doneResult().plan, "waiting");
    run?.tell({ type: "started", at: new Date(room.clock.now()), moves });
    await settle();
    const [, progress] = room.surface.messages;
    expect(shownText(progress)).toContain("0 of 3 moves done");
    run?.tell({ type: "move", index: 0, status: { ...moves[0]!, state: "done" } });
    await room.clock.advance(3000);
    expect(shownText(progress)).toContain("1 of 3 moves done");
    run?.tell({ type: "measuring", waitMs: 15_000 });
    await room.clock.advance(3000);
    expect(shownText(progress)).toContain("Measuring the balance in 15 s");
    expect(buttonsOf(progress?.views.at(-1))).toEqual([]);
    run?.finish(doneResult());
    await room.clock.advance(3000);
    expect(shownText(progress)).toContain("3 of 3 moves done");
    expect(buttonsOf(progress?.views.at(-1))).toEqual([]);
    const [, , result] = room.surface.messages;
    expect(result?.under).toEqual(progress?.ref);
    expect(shownText(result)).toContain("the busiest node went from 91 % to 58 % memory");
    expect(room.surface.messages).toHaveLength(3);
  });

  it("starts one run however often and by however many Apply is pressed", async () => {
    const room = openRoom();
    await room.type("dry-run");
    const token = tokenOf(room.surface, "Apply");
    const presses = ["UANA", "UEVA", "UANA", "UEVA"].map((user) =>
      room.send(room.surface.request({ kind: "button", token }, { user })),
    );
    await Promise.all(presses);
    expect(room.kappa4.runs).toHaveLength(1);
    expect(room.whispered("UEVA")).toContain("is no longer valid. Applied as run R-");
    await room.type(`apply ${planId(room)}`);
    expect(room.kappa4.runs).toHaveLength(1);
    expect(room.whispered()).toContain("is no longer valid");
  });

  it("has one effect of a request that arrives several times", async () => {
    const room = openRoom();
    const content: RequestContent = { kind: "text", command: "rebalance", text: "dry-run" };
    const request = room.surface.request(content, { keys: ["envelope:1"] });
    await Promise.all([
      room.send(request),
      room.send(request),
      room.send({ ...request, keys: ["trigger:1", "envelope:1"] }),
    ]);
    expect(room.surface.messages).toHaveLength(1);
    expect(room.kappa4.asked).toHaveLength(1);
  });

  it("lets one run at a time work on a connection, names the holder, and keeps the second plan", async () => {
    const room = openRoom();
    await room.type("dry-run");
    await room.press("Apply");
    await room.type("dry-run");
    const second = planId(room);
    await room.press("Apply", "UEVA");
    expect(room.kappa4.runs).toHaveLength(1);
    expect(room.whispered("UEVA")).toMatch(
      /Run R-.* has been at work on gold since 10:00 UTC, started by @UANA/,
    );
    room.kappa4.runs[0]?.finish(doneResult());
    await settle();
    await room.type(`apply ${second}`, "UEVA");
    expect(room.kappa4.runs).toHaveLength(2);
  });

  it("lets two connections work side by side", async () => {
    const room = openRoom(["gold", "silver"]);
    await room.type("dry-run gold");
    await room.press("Apply");
    await room.type("dry-run silver");
    await room.press("Apply");
    expect(room.kappa4.runs).toHaveLength(2);
  });
});

describe("who may do what", () => {
  it("lets members look and operators change, and names those who may", async () => {
    const room = openRoom();
    await room.type("dry-run", "UTOM");
    expect(room.surface.messages).toHaveLength(1);
    await room.press("Apply", "UTOM");
    expect(room.whispered("UTOM")).toBe(
      "You may look and plan, but not change anything. Ask @UANA, @UEVA.\n\nNothing was done.",
    );
    expect(room.kappa4.runs).toHaveLength(0);
    await room.press("Explain", "UTOM");
    expect(room.whispered("UTOM")).toContain("Why · plan P-");
  });

  it("refuses whoever is no full member everything but help", async () => {
    const room = openRoom();
    await room.type("dry-run", "GUEST");
    expect(room.whispered("GUEST")).toContain("You are a guest.");
    expect(room.kappa4.asked).toHaveLength(0);
    expect(await room.type("help", "GUEST")).toContain("/rebalance dry-run");
  });
});

describe("what can be too late", () => {
  it("answers a button that nobody knows", async () => {
    const room = openRoom();
    await room.send(room.surface.request({ kind: "button", token: "old" }));
    expect(room.whispered()).toContain("This button is no longer valid");
    await room.type("apply P-NONE");
    expect(room.whispered()).toContain("Plan P-NONE is no longer valid");
    await room.type("explain P-NONE");
    expect(room.whispered()).toContain("Plan P-NONE is no longer valid");
  });

  it("takes the buttons off a plan that has expired, and applies it no more", async () => {
    const room = openRoom();
    await room.type("dry-run");
    const token = tokenOf(room.surface, "Apply");
    const id = planId(room);
    await room.clock.advance(30 * 60_000);
    expect(shownText(room.surface.messages[0])).toContain("Expired at 10:30 UTC");
    expect(buttonsOf(room.surface.messages[0]?.views.at(-1))).toEqual([]);
    await room.send(room.surface.request({ kind: "button", token }));
    expect(room.whispered()).toContain("no longer valid");
    await room.type(`apply ${id}`);
    expect(room.whispered()).toContain(`Plan ${id} is no longer valid. Expired at 10:30 UTC`);
    expect(room.kappa4.runs).toHaveLength(0);
  });

  it("replaces a plan that is made again, and discards one that is not wanted", async () => {
    const room = openRoom();
    await room.type("dry-run --method cpu --drain 'pve-01, pve-02'");
    const first = planId(room);
    expect(shownText(room.surface.messages[0])).toContain(
      'Run again: /rebalance dry-run gold --method cpu --maintenance "pve-01, pve-02"',
    );
    await room.press("Run again");
    const second = planId(room);
    expect(room.kappa4.asked.map(({ options }) => options)).toEqual([
      expect.objectContaining({ method: "cpu" }),
      expect.objectContaining({ method: "cpu" }),
    ]);
    expect(shownText(room.surface.messages[0])).toContain(`Replaced by plan ${second}`);
    await room.type(`apply ${first}`);
    expect(room.whispered()).toContain(`Replaced by plan ${second}`);
    await room.press("Discard");
    await room.clock.advance(3000);
    expect(shownText(room.surface.messages[1])).toContain("Discarded by @UANA");
    await room.type(`apply ${second}`);
    expect(room.whispered()).toContain("Discarded by @UANA");
    expect(room.kappa4.runs).toHaveLength(0);
  });

  it("lets people take their own plans away, and those who may apply any", async () => {
    const room = openRoom();
    await room.type("dry-run", "UTOM");
    const own = planId(room);
    await room.type(`discard ${own}`, "UZOE");
    expect(room.whispered("UZOE")).toContain(`Plan ${own} was asked for by @UTOM`);
    await room.type(`discard ${own}`, "UTOM");
    expect(room.whispered("UTOM")).toContain("is discarded");
    await room.type("dry-run", "UTOM");
    await room.type(`discard ${planId(room)}`, "UANA");
    expect(room.whispered("UANA")).toContain("is discarded");
  });

  it("does not apply a plan without moves", async () => {
    const room = openRoom();
    room.kappa4.nextPlan = async () => levelPlan();
    await room.type("dry-run");
    expect(buttonsOf(room.surface.messages[0]?.views[0]).map(({ label }) => label)).toEqual([
      "Run again",
    ]);
    await room.type(`apply ${planId(room)}`);
    expect(room.whispered()).toContain("has no moves");
    await room.type("status");
    expect(room.whispered()).toContain("no plan waits");
    expect(room.kappa4.runs).toHaveLength(0);
  });
});

describe("what can go wrong", () => {
  it("tells the person what failed, under which code", async () => {
    const room = openRoom();
    room.kappa4.nextPlan = async () => {
      throw new Kappa4Error("auth", "gold refused the token.");
    };
    await room.type("dry-run");
    expect(room.whispered()).toContain("gold refused the token.");
    expect(room.whispered()).toContain("Code: auth");
  });

  it("asks which connection is meant, and knows what was mistyped", async () => {
    const room = openRoom(["gold", "silver"]);
    await room.type("dry-run");
    expect(room.whispered()).toContain("Say which connection is meant; there are: gold, silver.");
    await room.type("dry-run glod");
    expect(room.whispered()).toContain("Did you mean gold?");
  });

  it("follows a run to its end though chat takes no message, and tells the person once", async () => {
    const room = openRoom();
    await room.type("dry-run");
    const gone = (): Kappa4Error =>
      new Kappa4Error("permission", "Kappa4 was taken out of the channel.");
    room.surface.postErrors.push(gone(), gone());
    await room.press("Apply");
    const [run] = room.kappa4.runs;
    const moves = statuses(doneResult().plan, "waiting");
    run?.tell({ type: "started", at: new Date(room.clock.now()), moves });
    await settle();
    run?.tell({ type: "move", index: 0, status: { ...moves[0]!, state: "running" } });
    await settle();
    run?.finish(failedResult());
    await room.clock.advance(10_000);
    const told = room.surface.whispers.filter(({ view }) => viewText(view).includes("taken out"));
    expect(told).toHaveLength(1);
    await room.type("status");
    expect(room.whispered()).toContain("Stopped: 1 of 3 moves done, 1 failed, 1 not started.");
  });

  it("makes a plan ready again when its run could not begin", async () => {
    const room = openRoom();
    await room.type("dry-run");
    const { apply } = room.kappa4.rebalance;
    const broken = Object.assign(room.kappa4.rebalance, {
      apply: () => {
        throw new Kappa4Error("not_found", "There is no connection gold.");
      },
    });
    await room.press("Apply");
    expect(room.whispered()).toContain("There is no connection gold.");
    Object.assign(broken, { apply });
    await room.type(`apply ${planId(room)}`);
    expect(room.kappa4.runs).toHaveLength(1);
  });
});

describe("status, cancel and the end", () => {
  it("shows what goes on, stops a run once, and says who has the last word", async () => {
    const room = openRoom();
    await room.type("status");
    expect(room.whispered()).toContain("No run is under way, and no plan waits.");
    await room.type("dry-run");
    await room.press("Apply");
    const [run] = room.kappa4.runs;
    const moves = statuses(doneResult().plan, "waiting");
    run?.tell({ type: "started", at: new Date(room.clock.now()), moves });
    await settle();
    await room.press("Stop after current moves", "UTOM");
    expect(run?.isCancelled).toBe(false);
    await room.press("Stop after current moves", "UEVA");
    expect(run?.isCancelled).toBe(true);
    expect(room.whispered("UEVA")).toContain("starts nothing more");
    await room.clock.advance(3000);
    const [, progress] = room.surface.messages;
    expect(shownText(progress)).toContain("Stopped by @UEVA.");
    expect(buttonsOf(progress?.views.at(-1))).toEqual([]);
    run?.tell({ type: "move", index: 0, status: { ...moves[0]!, state: "running" } });
    await room.clock.advance(3000);
    expect(shownText(progress)).toContain("stopping after the moves under way");
    expect(buttonsOf(progress?.views.at(-1))).toEqual([]);
    run?.finish({ ...failedResult(), outcome: "cancelled" });
    await room.clock.advance(3000);
    expect(shownText(progress)).toContain("Stopped by @UEVA: 1 of 3 moves done");
    await room.press("Stop after current moves", "UEVA");
    expect(room.whispered("UEVA")).toContain("is over already");
    await room.type("status");
    expect(room.whispered()).toContain("Stopped on request");
    await room.type(`status ${planId(room)}`);
    expect(room.whispered()).toContain("Applied as run");
    await room.type("cancel R-NONE");
    expect(room.whispered()).toContain("There is no run R-NONE");
  });

  it("stops in order: takes nothing in, starts nothing more, tells what is left", async () => {
    const room = openRoom();
    await room.type("dry-run");
    await room.press("Apply");
    const [run] = room.kappa4.runs;
    const moves = statuses(doneResult().plan, "waiting");
    run?.tell({ type: "started", at: new Date(room.clock.now()), moves });
    await settle();
    let isClosed = false;
    const closed = room.core.close().then(() => {
      isClosed = true;
    });
    await settle();
    expect(run?.isCancelled).toBe(true);
    expect(await room.type("dry-run")).toContain("Kappa4 is being restarted");
    expect(room.kappa4.asked).toHaveLength(1);
    expect(isClosed).toBe(false);
    await room.clock.advance(10_000);
    await closed;
    expect(shownText(room.surface.messages[1])).toContain("Moves under way go on at the provider");
  });

  it("does not wait when a run ends in time", async () => {
    const room = openRoom();
    await room.type("dry-run");
    await room.press("Apply");
    const closed = room.core.close();
    room.kappa4.runs[0]?.finish({ ...doneResult(), outcome: "cancelled" });
    await closed;
    const texts = room.surface.messages.map(shownText);
    expect(texts.some((text) => text.includes("Stopped as Kappa4 is shut down"))).toBe(true);
    expect(texts.some((text) => text.includes("on request"))).toBe(false);
    expect(room.logged.slice(-3).map(({ message }) => message)).toEqual([
      "the bot is being stopped",
      "run ended",
      "the bot has stopped",
    ]);
  });

  it("logs who was refused and who was served, and nothing else of them", async () => {
    const room = openRoom();
    await room.type("dry-run");
    await room.press("Apply", "UTOM");
    expect(room.logged.map(({ message }) => message)).toEqual([
      "request is carried out",
      "request was refused",
    ]);
  });
});
