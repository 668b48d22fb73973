import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createSignatureCheck } from "../../../src/platforms/slack/signature.ts";
import { manualClock } from "../../support/manual-clock.ts";

const SECRET = "8f742231b10e8888abcd99yyyzzz85a5";

function signed(timestamp: number | string, body: string, secret = SECRET) {
  const hmac = createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex");
  return { timestamp: String(timestamp), signature: `v0=${hmac}` };
}

describe("createSignatureCheck", () => {
  const clock = manualClock();
  const now = Math.floor(clock.now() / 1000);
  const body = Buffer.from("command=%2Frebalance&text=dry-run");

  it("takes what is signed, within five minutes of either side", () => {
    const check = createSignatureCheck(SECRET, clock);
    for (const offset of [0, -300, 300]) {
      expect(check.verify(signed(now + offset, body.toString()), body)).toBe("genuine");
    }
  });

  it.each([
    ["too old", signed(now - 301, body.toString())],
    ["from the future", signed(now + 301, body.toString())],
    ["signed with another secret", signed(now, body.toString(), "other")],
    ["signed for another body", signed(now, "text=apply")],
    ["without a signature", { timestamp: String(now), signature: undefined }],
    ["without a time", { timestamp: undefined, signature: signed(now, "").signature }],
    ["with a time that is none", signed("1e9", body.toString())],
    ["with a signature cut short", { timestamp: String(now), signature: "v0=00" }],
    ["with an empty signature", { timestamp: String(now), signature: "" }],
  ])("refuses what is %s", (_, headers) => {
    expect(createSignatureCheck(SECRET, clock).verify(headers, body)).toBe("forged");
  });

  it("knows what it has seen, for as long as the signature could hold", async () => {
    const time = manualClock();
    const check = createSignatureCheck(SECRET, time);
    const early = signed(Math.floor(time.now() / 1000) + 300, body.toString());
    expect(check.verify(early, body)).toBe("genuine");
    expect(check.verify(early, body)).toBe("replayed");
    await time.advance(600_000);
    expect(check.verify(early, body)).toBe("replayed");
    await time.advance(1000);
    expect(check.verify(early, body)).toBe("forged");
  });

  it("does not remember forged signatures, so nobody can fill its memory or burn one of ours", () => {
    const check = createSignatureCheck(SECRET, clock);
    const good = signed(now, body.toString());
    expect(check.verify(good, Buffer.from("other"))).toBe("forged");
    expect(check.verify(good, body)).toBe("genuine");
  });
});
