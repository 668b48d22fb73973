import { describe, expect, it } from "vitest";
import { hiding, REDACTED, redactText } from "../../src/index.ts";

const UUID = ["2f0c7a1e", "11aa", "4bcd", "9eef", "00112233aabb"].join("-");
const PASSWORD = 'pass "word" / +&é, of many parts';
const LINE = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg";

const hide = hiding({
  endpoints: ["https://ops:hunter2hunter2@pve1.example:8006", "https://a:%@pve2.example"],
  auth: { token: `ops@pve!kappa4=${UUID}`, nested: [{ password: PASSWORD }], totp: "short" },
  tls: { key: `-----BEGIN ${"PRIVATE"} KEY-----\n${LINE}\n-----END ${"PRIVATE"} KEY-----` },
  project: "production",
});

describe("secrets of some options", () => {
  it.each([
    ["as it is", PASSWORD],
    ["in JSON", JSON.stringify({ told: PASSWORD })],
    ["in an address", `/?p=${encodeURIComponent(PASSWORD)}`],
    ["in a form", new URLSearchParams({ p: PASSWORD }).toString()],
    ["without the name of the token", `it was ${UUID}, you said`],
    ["from within an address", "hunter2hunter2 was refused"],
    ["a line of a key", `${LINE} cannot be read`],
  ])("are hidden: %s", (_how, text) => {
    const clean = hide(text);
    expect(clean).toContain(REDACTED);
    for (const part of ["many parts", "many%20parts", "many+parts", UUID, "hunter2", LINE]) {
      expect(clean).not.toContain(part);
    }
  });

  it("are hidden by their look besides, whosever they are", () => {
    expect(hide("password=somebody-elses")).toBe(`password=${REDACTED}`);
  });

  it("leave alone what is no secret, and words that are too short to be known by", () => {
    const text = "the project production is short of memory";
    expect(hide(text)).toBe(text);
    expect(hiding({ password: "0123456789" }, 16)("0123456789")).toBe("0123456789");
  });
});

describe("what looks like a secret", () => {
  const discord = [`M${"Tk4NjIyNDgzNDcxOTI1MjQ4"}`, "Cl2FMQ", "ZnCjm1XVW7vRze4b7Cq4se7kKWs"].join(
    ".",
  );
  it.each([
    ["authorization: Bearer abcdefgh-ijkl", `authorization: ${REDACTED}`],
    ['{"Authorization":"Basic b3BzOmh1bnRlcjI="}', `{"Authorization":"${REDACTED}"}`],
    [`Authorization: PVEAPIToken=ops@pve!kappa4=${UUID}`, `Authorization: ${REDACTED}`],
    ["cookie: PVEAuthCookie=abc; lang=de", `cookie: ${REDACTED}`],
    ["x-auth-token: abc", `x-auth-token: ${REDACTED}`],
    [`ops@pve!kappa4=${UUID} was refused`, `ops@pve!kappa4=${REDACTED} was refused`],
    ["the password: hunter", `the password: ${REDACTED}`],
    ["token: abc123 it was", `token: ${REDACTED} it was`],
    ["postgres://ops:hunter2@db/k", `postgres://${REDACTED}@db/k`],
    [`it is ${discord}.`, `it is ${REDACTED}.`],
  ])("is hidden: %s", (text, clean) => {
    expect(redactText(text)).toBe(clean);
  });

  it.each([
    "authorization: CAB approved by Leo, nodes pve1 and pve2",
    "The token: it expires",
    "gold.auth.token: must look like USER@REALM!NAME=SECRET",
    "rotate-token:2026-11-21",
    "kubernetes-worker-node-01.prod-eu.internal-datacenter-frankfurt1",
    "a cookie: nobody needs one",
  ])("is not found in %s", (text) => {
    expect(redactText(text)).toBe(text);
  });

  // Where a pattern went over a long word again and again, these would take hours.
  it.each([
    "a",
    "a@",
    "a!",
    "eyJ-",
    "://",
    "xox-",
    "token ",
    "Basic a",
    "-----BEGIN A",
    "authorization:",
    "token:",
    "cookie:",
    "M",
  ])("is looked for once in a megabyte of %j", (part) => {
    const text = part.repeat(Math.ceil(1_000_000 / part.length));
    expect(redactText(text).length).toBeGreaterThan(0);
  });
});
