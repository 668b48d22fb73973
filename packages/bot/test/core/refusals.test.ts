import type { Kappa4, RecordRefusalInput } from "@kappa4/sdk";
import { Kappa4Error } from "@kappa4/sdk";
import { describe, expect, it } from "vitest";
import { commands } from "../../src/commands/index.ts";
import { createCore } from "../../src/core/core.ts";
import { createRefusals } from "../../src/core/refusals.ts";
import { viewText } from "../../src/view/text.ts";
import { fakeSurface } from "../support/fake-surface.ts";
import { silentLogger } from "../support/silent-logger.ts";

const GUEST = "You are a guest of this workspace.";
const GUS = { id: "UGUS", team: "T1" };

/** Refusals, what of them is on record, and a minute that is over when it is said to be. */
function openRefusals(record: (input: RecordRefusalInput) => Promise<void> = async () => {}) {
  const minute = Promise.withResolvers<void>();
  const over = new AbortController();
  const recorded: RecordRefusalInput[] = [];
  const warned: string[] = [];
  const refusals = createRefusals({
    platform: "slack",
    kappa4: {
      users: {
        async recordRefusal(input) {
          recorded.push(input);
          await record(input);
        },
      },
    },
    clock: { now: () => 0, sleep: () => minute.promise },
    logger: { ...silentLogger, warn: (_fields, message) => void warned.push(message) },
    signal: over.signal,
  });
  return { refusals, recorded, warned, endMinute: () => minute.resolve() };
}

describe("who is refused before they are anybody", () => {
  it("is on record at once, and what they try within a minute once more, together", async () => {
    const { refusals, recorded, endMinute } = openRefusals();
    const gus = { platform: "slack", workspace: "T1", account: "UGUS", reason: GUEST };
    for (const verb of ["status", "dry-run", "apply"]) {
      await refusals.note(GUS, `rebalance ${verb}`, GUEST);
    }
    await refusals.note({ id: "UEVE", team: "" }, "approve list", GUEST);
    expect(recorded).toEqual([
      { ...gus, command: "rebalance status", count: 1 },
      { ...gus, account: "UEVE", workspace: "unknown", command: "approve list", count: 1 },
    ]);
    endMinute();
    await refusals.flush();
    expect(recorded.slice(2)).toEqual([{ ...gus, command: "rebalance apply", count: 2 }]);
    await refusals.note(GUS, "rebalance status", GUEST);
    expect(recorded).toHaveLength(4);
  });

  it("fills no memory, however many they are", async () => {
    const { refusals, recorded, warned } = openRefusals();
    for (let account = 0; account < 1_003; account += 1) {
      await refusals.note({ id: `U${account}`, team: "T1" }, "rebalance status", GUEST);
    }
    expect(recorded).toHaveLength(1_000);
    expect(warned).toEqual(Array(3).fill("refusal is not put on record: too many are refused"));
  });

  it("is in the log alone where the store refuses", async () => {
    const { refusals, warned } = openRefusals(() => {
      throw new Kappa4Error("unavailable", "The store does not answer.");
    });
    await refusals.note(GUS, "rebalance status", GUEST);
    expect(warned).toEqual(["refusal could not be put on record"]);
  });

  it("is told so though the store hangs", async () => {
    const asked = Promise.withResolvers<RecordRefusalInput>();
    const users = {
      recordRefusal: (input: RecordRefusalInput) => {
        asked.resolve(input);
        return new Promise(() => {});
      },
    };
    const told = Promise.withResolvers<string>();
    const surface = fakeSurface();
    const core = createCore({
      ...{ platform: "slack", workspace: "T1", port: surface, commands, logger: silentLogger },
      kappa4: { as: () => ({ users }), connections: [] } as unknown as Kappa4,
      people: { check: async () => ({ ok: false, reason: GUEST }) },
      clock: { now: () => 0, sleep: () => new Promise(() => {}) },
    });
    const content = { kind: "text", command: "rebalance", text: "dry-run" } as const;
    const whisper = async (view: Parameters<typeof viewText>[0]): Promise<void> =>
      told.resolve(viewText(view));
    void core.accept(surface.request(content, { whisper })).work();
    expect(await told.promise).toContain(GUEST);
    expect(await asked.promise).toMatchObject({ account: "UANA", command: "rebalance dry-run" });
  });
});
