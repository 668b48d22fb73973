import { describe, expect, test } from "vitest";
import { parseConfig } from "../../src/config/index.ts";
import { sampleConnectors as connectors } from "./sample-connectors.ts";

const gold = { kind: "sample", hosts: ["a"], auth: { token: "a@pve!b=c" } };

function parse(parts: object) {
  return parseConfig({ connections: { gold }, ...parts }, { connectors });
}

describe("the people of a configuration", () => {
  const ana = { name: "Ana", email: "ana@example.com", role: "operator", slack: "U012ABCDEF" };

  test("are read as they are written", async () => {
    const eva = { name: "Eva", role: "admin", slack: "W0EVA" };
    expect((await parse({ people: [ana, eva] })).people).toEqual([ana, eva]);
    expect((await parse({})).people).toBeUndefined();
  });

  test.each([
    [{ ...ana, slack: "ana" }, "people.0.slack", "member id"],
    [{ ...ana, email: "ana" }, "people.0.email", "e-mail address"],
    [{ name: "Ana", email: ana.email }, "people.0.role", "missing"],
    [{ name: "Ana", role: "operator" }, "people.0", "a Slack member id, or both"],
    [{ ...ana, rol: "x" }, "people.0.rol", "did you mean role?"],
  ])("with something wrong are refused at their place: %o", async (person, path, message) => {
    await expect(parse({ people: [person] })).rejects.toMatchObject({
      code: "config_invalid",
      issues: [{ path, message: expect.stringContaining(message) }],
    });
  });
});

describe("the rules of approval of a configuration", () => {
  test("are what differs from the usual, and nothing else", async () => {
    const approvals = { local: "required", undoMs: 0, quorum: { "2": { approvals: 0 } } };
    expect((await parse({ approvals })).approvals).toEqual({
      local: "required",
      undoMs: 0,
      quorum: { "2": { approvals: 0, admins: 0, superAdmins: 0 } },
    });
  });

  test.each([
    [{ quorum: { "3": { approvals: 1 } } }, "approvals.quorum.3.approvals", "only class 2"],
    [{ openMs: 1 }, "approvals.openMs", "whole number from"],
    [{ breakGlass: { reasonLength: 3 } }, "approvals.breakGlass.reasonLength", "whole number from"],
    [{ local: "maybe" }, "approvals.local", "trusted or required"],
    [{ quorum: { "5": { approvals: 1 } } }, "approvals.quorum.5", "unknown key"],
    [{ undoMs: 0.5 }, "approvals.undoMs", "whole number from"],
    [{ remindAt: [0.5, "late"] }, "approvals.remindAt.1", "must be"],
  ])("cannot be laxer than they may, and say so: %o", async (approvals, path, message) => {
    const refusal = await parse({ approvals }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: "config_invalid" });
    expect((refusal as { issues: readonly object[] }).issues).toContainEqual(
      expect.objectContaining({ path, message: expect.stringContaining(message) }),
    );
  });

  test("come with all that is wrong at once, of whatever kind", async () => {
    const approvals = {
      locl: "required",
      openMs: "long",
      startMs: 1,
      undoMs: 0.5,
      remindAt: [0.5, "late", 7],
      quorum: { "3": { approvals: 1, admins: "one" }, "4": 5, "7": {} },
      breakGlass: { perDay: 3, reasonLength: 0.5 },
      protected: { pools: [1], tags: [" "] },
    };
    const refusal = await parse({ approvals }).catch((error: unknown) => error);
    const { issues } = refusal as { issues: readonly { readonly path: string }[] };
    expect(issues.map(({ path }) => path.replace("approvals.", "")).toSorted()).toEqual([
      "breakGlass.perDay",
      "breakGlass.reasonLength",
      "locl",
      "openMs",
      "protected.pools.0",
      "protected.tags",
      "quorum.3.admins",
      "quorum.3.approvals",
      "quorum.4",
      "quorum.7",
      "remindAt.1",
      "startMs",
      "undoMs",
    ]);
  });

  test("are refused where they are no map at all", async () => {
    await expect(parse({ approvals: 5 })).rejects.toMatchObject({
      issues: [{ path: "approvals", message: expect.stringContaining("must be") }],
    });
  });
});
