import { Kappa4Error, RateLimitedError } from "@kappa4/sdk";
import { describe, expect, it } from "vitest";
import { createEditBudget } from "../../src/core/edit-budget.ts";
import { createOutbox, type Outbox } from "../../src/core/outbox.ts";
import type { View } from "../../src/view/model.ts";
import { type FakeSurface, fakeSurface, shownText } from "../support/fake-surface.ts";
import { type ManualClock, manualClock, settle } from "../support/manual-clock.ts";
import { silentLogger } from "../support/silent-logger.ts";

function say(text: string): View {
  return { blocks: [{ kind: "text", text }] };
}

function open(most?: number): { surface: FakeSurface; clock: ManualClock; outbox: Outbox } {
  const surface = fakeSurface();
  const clock = manualClock();
  const budget = createEditBudget(most);
  return {
    surface,
    clock,
    outbox: createOutbox({ port: surface, clock, logger: silentLogger, budget }),
  };
}

function versions(surface: FakeSurface, index = 0): readonly string[] {
  return (
    surface.messages[index]?.views.map((view) =>
      shownText({ ...surface.messages[index]!, views: [view] }),
    ) ?? []
  );
}

describe("createOutbox", () => {
  it("posts, edits at once, then at most every three seconds with the newest, and always the last", async () => {
    const { surface, clock, outbox } = open();
    await outbox.show("R-1", "C1", say("0"));
    await outbox.show("R-1", "C1", say("1"));
    await settle();
    expect(versions(surface)).toEqual(["0", "1"]);
    for (let step = 2; step <= 20; step += 1) {
      await outbox.show("R-1", "C1", say(String(step)));
      await clock.advance(500);
    }
    await clock.advance(3000);
    expect(versions(surface)).toEqual(["0", "1", "7", "13", "19", "20"]);
  });

  it("does not edit a message that shows the same already", async () => {
    const { surface, clock, outbox } = open();
    await outbox.show("R-1", "C1", say("same"));
    await outbox.show("R-1", "C1", say("same"));
    await clock.advance(5000);
    expect(surface.edits).toBe(0);
  });

  it("waits as long as it is told to, and then shows the newest", async () => {
    const { surface, clock, outbox } = open();
    await outbox.show("R-1", "C1", say("0"));
    surface.editErrors.push(new RateLimitedError("wait", { retryAfterMs: 30_000 }));
    await outbox.show("R-1", "C1", say("1"));
    await clock.advance(20_000);
    await outbox.show("R-1", "C1", say("2"));
    await clock.advance(9999);
    expect(versions(surface)).toEqual(["0"]);
    await clock.advance(1);
    expect(versions(surface)).toEqual(["0", "2"]);
    expect(surface.edits).toBe(2);
  });

  it("tries again after a failure, and gives up in the end without harm to what follows", async () => {
    const { surface, clock, outbox } = open();
    await outbox.show("R-1", "C1", say("0"));
    const broken = (): Kappa4Error => new Kappa4Error("unavailable", "down");
    surface.editErrors.push(broken(), broken());
    await outbox.show("R-1", "C1", say("1"));
    await clock.advance(60_000);
    expect(versions(surface)).toEqual(["0", "1"]);
    surface.editErrors.push(...Array.from({ length: 6 }, broken));
    await outbox.show("R-1", "C1", say("2"));
    await clock.advance(600_000);
    expect(versions(surface)).toEqual(["0", "1"]);
    await outbox.show("R-1", "C1", say("3"));
    await clock.advance(600_000);
    expect(versions(surface)).toEqual(["0", "1", "3"]);
  });

  it("posts anew when the message is gone", async () => {
    const { surface, clock, outbox } = open();
    await outbox.show("R-1", "C1", say("0"));
    surface.messages.length = 0;
    await outbox.show("R-1", "C1", say("1"));
    await clock.advance(10_000);
    expect(versions(surface)).toEqual(["1"]);
  });

  it("rejects when it cannot post, and posts the next view", async () => {
    const { surface, outbox } = open();
    surface.postErrors.push(new Kappa4Error("permission", "not in the channel"));
    await expect(outbox.show("R-1", "C1", say("0"))).rejects.toThrow("not in the channel");
    await outbox.show("R-1", "C1", say("1"));
    expect(versions(surface)).toEqual(["1"]);
  });

  it("shares the edits of a minute between messages", async () => {
    const { surface, clock, outbox } = open(4);
    for (const subject of ["a", "b", "c", "d", "e", "f"])
      await outbox.show(subject, "C1", say("0"));
    for (const subject of ["a", "b", "c", "d", "e", "f"])
      await outbox.show(subject, "C1", say("1"));
    await settle();
    expect(surface.edits).toBe(4);
    await clock.advance(60_000);
    expect(surface.edits).toBe(6);
    expect(surface.messages.map(shownText)).toEqual(Array(6).fill("1"));
  });

  it("answers below the message of a subject, and in the channel when there is none", async () => {
    const { surface, outbox } = open();
    await outbox.show("R-1", "C1", say("0"));
    await outbox.thread("R-1", "C9", say("below"));
    await outbox.thread("R-2", "C2", say("alone"));
    const [first, below, alone] = surface.messages;
    expect(below?.under).toEqual(first?.ref);
    expect(below?.ref.place).toBe("C1");
    expect(alone?.under).toBeUndefined();
    expect(alone?.ref.place).toBe("C2");
  });

  it("gets everything out when it is flushed, without waiting", async () => {
    const { surface, outbox } = open();
    await outbox.show("R-1", "C1", say("0"));
    await outbox.show("R-1", "C1", say("1"));
    await settle();
    await outbox.show("R-1", "C1", say("2"));
    await outbox.flush();
    expect(versions(surface)).toEqual(["0", "1", "2"]);
  });

  it.each([1, 2, 3, 4, 5, 6])(
    "shows a view that comes %s turns after the one before it is out",
    async (turns) => {
      const { surface, outbox } = open();
      await outbox.show("R-1", "C1", say("0"));
      const { edit } = surface;
      surface.edit = async (ref, view) => {
        surface.edit = edit;
        await edit.call(surface, ref, view);
        void showLate();
      };
      const showLate = async (): Promise<void> => {
        for (let turn = 0; turn < turns; turn++) await Promise.resolve();
        await outbox.show("R-1", "C1", say("2"));
      };
      await outbox.show("R-1", "C1", say("1"));
      await settle();
      await outbox.flush();
      expect(versions(surface).at(-1)).toBe("2");
    },
  );

  it("edits a message that was posted before, and posts none where there is none", async () => {
    const { surface, outbox } = open();
    expect(await outbox.update("R-1", say("0"))).toBe(false);
    expect(surface.messages).toEqual([]);
    const ref = await surface.post("C1", say("before"));
    outbox.adopt("R-1", ref);
    expect(await outbox.update("R-1", say("0"))).toBe(true);
    outbox.adopt("R-1", { place: "C2", id: "other" });
    await outbox.show("R-1", "C1", say("1"));
    await outbox.flush();
    expect(versions(surface)).toEqual(["before", "0", "1"]);
  });
});
