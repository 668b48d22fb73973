import { REDACTED, redactText } from "@kappa4/connectors";
import { describe, expect, test } from "vitest";
import { canonicalText, entryText, hashOf, redact } from "../../src/audit/index.ts";
import { entry, ORG } from "./record.ts";

// Made up here, so that nothing that looks like a secret stands in a file.
const UUID = ["2f0c7a1e", "11aa", "4bcd", "9eef", "00112233aabb"].join("-");
const BASE62 = "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8";
const CANARY = "hunter2hunter2";

const SECRETS: readonly (readonly [string, string])[] = [
  ...["key", "inv", "boot", "ses", "dl"].map((kind) => [`k4_${kind}_${BASE62}`, BASE62] as const),
  [`root@pam!kappa4=${UUID}`, UUID],
  [`PVEAPIToken=root@pam!kappa4=${UUID}`, UUID],
  [`PVE:root@pam:6543ABCD::${BASE62}==`, BASE62],
  [`Cookie: PVEAuthCookie=PVE:x@y:6543::${BASE62}`, BASE62],
  [`Authorization: Bearer ${BASE62}`, BASE62],
  [`{"authorization":"Basic ${BASE62}"}`, BASE62],
  ["sent with Basic dXNlcjpwYXNz to the node", "dXNlcjpwYXNz"],
  [`curl -H "bearer ${BASE62}"`, BASE62],
  [`xox${"b"}-1234567890-${BASE62}`, BASE62],
  [`eyJhbGciOiJFZERTQSJ9.${BASE62}.${BASE62}`, BASE62],
  [`-----BEGIN ${"PRIVATE"} KEY-----\n${BASE62}\n-----END ${"PRIVATE"} KEY-----`, BASE62],
  [`postgres://kappa4:${CANARY}@db.example.com/kappa4`, CANARY],
  [`password=${CANARY}`, CANARY],
  [`the Password: ${CANARY} did not work`, CANARY],
];

describe("secrets", () => {
  test.each(SECRETS)("are hidden in %s", (text, secret) => {
    expect(redactText(`before ${text} after`)).not.toContain(secret);
    const line = entryText(
      entry(1, {
        reason: text,
        targets: [text],
        requestKey: text,
        details: { deep: [{ note: text }], [text]: 1 },
      }),
    );
    expect(line).not.toContain(secret);
    expect(line).toContain(REDACTED);
  });

  test.each(["password", "apiKey", "token", "clientSecret", "privateKey", "otp"])(
    "are hidden under the key %s",
    (key) => {
      expect(redact({ [key]: { nested: CANARY } })).toEqual({ [key]: REDACTED });
      expect(redact({ [key]: "" })).toEqual({ [key]: "" });
      expect(redact({ [key]: null })).toEqual({ [key]: null });
    },
  );

  test.each([
    "basic maintenance of pve1, then a token gesture",
    "moves web-01 from pve1 to pve2; memory 91 % to 78 %",
    "see https://wiki.example.com/runbooks#nodes and INC-7",
    `plan ${"9f2c11ab".repeat(8)} of usr_01kan4v0s7e8btf8x0000002gr`,
    "ana@example.com asked ben@example.com",
  ])("are not seen in: %s", (text) => {
    expect(redactText(text)).toBe(text);
  });
});

describe("an entry", () => {
  test("is canonical JSON with everything that was said", () => {
    const text = entryText(
      entry(1, {
        actor: {
          kind: "person",
          id: "usr_1",
          via: "slack",
          chat: { workspace: "T1", account: "U1", channel: "C1" },
        },
        decision: "refused",
        result: "own_request",
        permission: "rebalance.run",
        requestKey: "envelope-1",
        details: { class: 2 },
      }),
    );
    expect(text).toBe(canonicalText(JSON.parse(text)));
    expect(JSON.parse(text)).toEqual({
      v: 1,
      id: expect.stringMatching(/^aud_/),
      org: ORG,
      at: "2026-11-21T12:00:01.000Z",
      action: "rebalance.apply",
      actor: {
        kind: "person",
        id: "usr_1",
        via: "slack",
        chat: { workspace: "T1", account: "U1", channel: "C1" },
      },
      targets: ["gold/vm:100", "gold/vm:1"],
      decision: "refused",
      result: "own_request",
      permission: "rebalance.run",
      reason: "El nodo está lleno — ¿y mañana?",
      planHash: "9f2c11ab".repeat(8),
      requestKey: "envelope-1",
      details: { class: 2 },
    });
  });

  test("never fails for what is in it", () => {
    const circle: Record<string, unknown> = { name: "circle" };
    circle.self = circle;
    const details = {
      circle,
      nul: "a\0b",
      half: "\ud800",
      huge: 10n ** 30n,
      none: Number.NaN,
      never: new Date("never"),
      error: new Error(`password=${CANARY}`),
      skipped: undefined,
      code: () => 1,
      list: [undefined, Symbol("x")],
    };
    const { details: kept } = JSON.parse(entryText(entry(1, { details })));
    expect(kept).toMatchObject({
      nul: "a�b",
      half: "�",
      huge: "1000000000000000000000000000000",
      none: "NaN",
      never: null,
      error: `Error: password=${REDACTED}`,
      list: [null, null],
    });
    expect(kept).not.toHaveProperty("skipped");
    expect(kept).not.toHaveProperty("code");
  });

  test("is not longer than it has to be", () => {
    const details = { list: Array.from({ length: 10_000 }, (_, index) => `guest ${index}`) };
    const text = entryText(entry(1, { details, reason: "x".repeat(10_000) }));
    expect(text.length).toBeLessThan(3_000);
    expect(JSON.parse(text).details.omitted).toMatch(/^\d+ characters/);
  });
});

describe("canonical JSON", () => {
  test("does not depend on the order of keys", () => {
    expect(hashOf({ b: [1, 2], a: "é" })).toBe(hashOf({ a: "é", b: [1, 2] }));
    expect(hashOf({ b: [1, 2] })).not.toBe(hashOf({ b: [2, 1] }));
    expect(canonicalText({ b: 1e21, a: -0, "": "\u20ac" })).toBe('{"":"€","a":0,"b":1e+21}');
  });

  test.each([Number.NaN, "\ud800", undefined])("refuses %j", (value) => {
    expect(() => canonicalText(value)).toThrow(/JSON/);
  });
});
