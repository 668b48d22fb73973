import { isSecretKey } from "@kappa4/connectors";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { describeWork } from "../../src/approving/in-words.ts";
import { applySchema, approvalsSchema, balancingSchema } from "../../src/config/index.ts";
import { differences } from "../../src/configuring/differences.ts";
import { checkedSection } from "../../src/configuring/section.ts";
import { update } from "../../src/configuring/update.ts";
import type { Section } from "../../src/settings/sections.ts";

/** What whoever approves is shown of a section that nothing was stored of. */
function shown(section: Section, said: unknown): readonly string[] {
  const value = checkedSection(section, said);
  const changes = differences({}, value);
  const content = { section, value, after: 0, changes, note: "", by: "" };
  const { facts } = describeWork(update as never, { content, connection: "kappa4" });
  return facts.map(({ name, value: fromTo }) => `${name}: ${fromTo}`);
}

/** The keys that a schema knows; those of a map are names, which anybody can choose. */
function keysOf(schema: unknown): readonly string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const { properties = {}, ...rest } = schema as { readonly properties?: object };
  const inner = [...Object.values(properties), ...Object.values(rest)].flatMap(keysOf);
  return [...Object.keys(properties), ...inner];
}

describe("a change of the configuration", () => {
  it("is shown with its values, whatever nodes, pools and guests are called", () => {
    const said = {
      pools: { private: { type: "anti-affinity" }, tokens: { pin: ["monkey"] } },
      memoryReserveBytes: { "passbolt-01": "8 GiB" },
      rules: [
        { kind: "pin", id: "keys", guests: ["a"], nodes: ["b"], priorities: { passbolt: 2 } },
      ],
    };
    expect(shown("balancing", said)).toEqual([
      "memoryReserveBytes.passbolt-01: the usual → 8589934592",
      "pools.private.type: the usual → anti-affinity",
      'pools.tokens.pin: the usual → ["monkey"]',
      expect.stringContaining('"priorities":{"passbolt":2}'),
    ]);
  });

  it("shows nothing that looks like a secret, wherever somebody has put it", () => {
    const token = "k4_tok_0123456789abcdefABCDEF";
    const said = {
      maintenanceNodes: [token],
      pools: { [token]: { pin: [token, "password=hunter2"] } },
    };
    const facts = shown("balancing", said).join("\n");
    expect(facts).toContain("maintenanceNodes: the usual → ");
    expect(facts).not.toMatch(/k4_tok|hunter2/);
  });

  it.each([
    ["balancing", balancingSchema],
    ["apply", applySchema],
    ["approvals", approvalsSchema],
  ] as const)("has no secret to show: the section %s knows no key for one", (_section, schema) => {
    const keys = keysOf(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }));
    expect(keys.length).toBeGreaterThan(3);
    expect(keys.filter(isSecretKey)).toEqual([]);
  });
});
