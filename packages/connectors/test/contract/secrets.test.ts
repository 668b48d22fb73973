import { describe, expect, it } from "vitest";
import { hiding, REDACTED } from "../../src/index.ts";

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
