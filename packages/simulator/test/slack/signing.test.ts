import { describe, expect, it } from "vitest";
import { sign, signRequest } from "../../src/slack/delivery/signing.ts";

describe("sign", () => {
  it("gives the signature of the example in Slack's documentation", () => {
    const body =
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V" +
      "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=" +
      "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN" +
      "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    const rules = { secret: "8f742231b10e8888abcd99yyyzzz85a5", timestamp: 1531420618 };
    expect(sign(body, rules)).toBe(
      "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    );
  });
});

describe("signRequest", () => {
  const rules = { secret: "s", timestamp: 1 };
  const envelope = { id: "1", payload: { text: "a b" }, retry: undefined };

  it("writes each kind in the form of Slack", () => {
    const slash = signRequest({ ...envelope, type: "slash_commands" }, rules);
    expect(slash.body).toBe("text=a+b");
    const interactive = signRequest({ ...envelope, type: "interactive" }, rules);
    expect(new URLSearchParams(interactive.body).get("payload")).toBe('{"text":"a b"}');
    const event = signRequest({ ...envelope, type: "events_api" }, rules);
    expect(event.body).toBe('{"text":"a b"}');
    expect(event.headers["content-type"]).toBe("application/json");
  });

  it("counts retries in the headers", () => {
    const retry = { attempt: 2, reason: "http_timeout" };
    const { headers } = signRequest({ ...envelope, type: "events_api", retry }, rules);
    expect(headers).toMatchObject({
      "x-slack-retry-num": "2",
      "x-slack-retry-reason": "http_timeout",
    });
  });
});
