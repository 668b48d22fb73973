import {
  type ClaimedEvent,
  type Id,
  Kappa4Error,
  type Logger,
  type SettleEventsInput,
} from "@kappa4/sdk";
import { describe, expect, it } from "vitest";
import { type Addressee, deliver, THREAD } from "../../src/core/deliver.ts";
import { directTo } from "../../src/core/direct-to.ts";
import { fakeSurface, shownText } from "../support/fake-surface.ts";
import { silentLogger } from "../support/silent-logger.ts";

/** What is written down of some events, as the store keeps it, and what is logged of them. */
function openBook(readers: Readonly<Record<string, ClaimedEvent["readers"]>>) {
  const kept = new Map(Object.entries(readers));
  const states = new Map<string, SettleEventsInput>();
  const errors: string[] = [];
  const logger: Logger = {
    ...silentLogger,
    error: (_fields, message) => void errors.push(message),
  };
  let attempt = 0;
  const settle = async (input: SettleEventsInput): Promise<undefined> => {
    for (const { event, readers: told } of input.events) {
      states.set(event, input);
      if (told !== undefined) kept.set(event, structuredClone(told));
    }
  };
  return {
    errors,
    readers: (event: string) => kept.get(event),
    state: (event: string) => states.get(event)?.state,
    reason: (event: string) => states.get(event)?.error,
    async deliver(addressees: () => Promise<readonly Addressee[]>) {
      attempt += 1;
      const claims = [...kept].map(([event, told]) => ({
        ...{ event: event as Id<"evt">, attempt, isDoubtful: false, readers: told },
      }));
      await deliver(
        { platform: "slack", kappa4: { events: { settle } }, logger },
        claims,
        addressees,
      );
    },
  };
}

const NO_LINE = new Kappa4Error("network", "Slack does not answer.", { retryable: true });
const REFUSED = new Kappa4Error("permission", "Slack refused it.");

/** Somebody who is told, or with whom it fails. */
function addressee(key: string, fault?: Kappa4Error, rest: Partial<Addressee> = {}): Addressee {
  const send = async (): Promise<void> => {
    if (fault !== undefined) throw fault;
  };
  return { key, send, ...rest };
}

describe("events that are told together", () => {
  it("keep apart who has heard of which", async () => {
    const book = openBook({ one: { A: null }, two: {} });
    await book.deliver(async () => [addressee("A", NO_LINE)]);
    expect([book.state("one"), book.state("two")]).toEqual(["told", "waiting"]);
    expect([book.readers("one"), book.readers("two")]).toEqual([{ A: null }, {}]);
    const sent: string[] = [];
    const send = async (): Promise<void> => void sent.push("A");
    await book.deliver(async () => [{ key: "A", send }]);
    expect(sent).toEqual(["A"]);
    expect([book.state("two"), book.readers("two")]).toEqual(["told", { A: null }]);
  });

  it("are told, or not, to those whom each concerns", async () => {
    const book = openBook({ one: {}, two: {} });
    const all = [
      addressee("A", undefined, { events: ["one"] }),
      addressee("B", REFUSED, { events: ["two"] }),
    ];
    await book.deliver(async () => all);
    expect([book.state("one"), book.state("two")]).toEqual(["told", "failed"]);
    expect([book.readers("one"), book.readers("two")]).toEqual([
      { A: null },
      { B: "Slack refused it." },
    ]);
  });
});

describe("an event that somebody could not be told of", () => {
  it("stays failed when a later attempt tells the others", async () => {
    const book = openBook({ one: { B: "Slack refused it." } });
    await book.deliver(async () => [addressee("C")]);
    expect([book.state("one"), book.reason("one")]).toEqual(["failed", "Slack refused it."]);
  });

  it("is told when a thread fails and somebody hears of it directly, and failed when nobody does", async () => {
    const made = openBook({ one: {} });
    await made.deliver(async () => [addressee(THREAD, REFUSED, { instead: [addressee("A")] })]);
    expect([made.state("one"), made.readers("one")]).toEqual([
      "told",
      { [THREAD]: "Slack refused it.", A: null },
    ]);
    const lost = openBook({ one: {} });
    await lost.deliver(async () => [addressee(THREAD, REFUSED, { instead: [] })]);
    expect(lost.state("one")).toBe("failed");
  });

  it("is failed and logged when they have no account here; the terminal needs none", async () => {
    const [ana, eva] = ["usr_01h455vb4pex5vsknk084sn02q", "usr_01h455vb4pex5vsknk084sn03r"];
    const port = fakeSurface();
    const directory = {
      accountOf: async (id: string) => (id === eva ? "UEVA" : undefined),
    };
    const parts = { platform: "slack", directory, port };
    const view = { blocks: [{ kind: "text", text: "Look." }] } as const;
    const book = openBook({ one: {} });
    await book.deliver(() => directTo(parts, [ana, eva, "local"], () => view));
    expect(book.state("one")).toBe("failed");
    expect(book.reason("one")).toMatch(
      `${ana} is disabled or has no account in this slack workspace`,
    );
    expect(book.errors).toEqual(["event could not be told"]);
    expect(port.messages.map(shownText)).toEqual(["Look."]);
    const quiet = openBook({ one: {} });
    await quiet.deliver(() => directTo(parts, ["local"], () => view));
    expect([quiet.state("one"), quiet.errors]).toEqual(["told", []]);
  });
});
