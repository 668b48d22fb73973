import { describe, expect, it } from "vitest";
import { parseBody } from "../../../src/platforms/slack/http-body.ts";
import { readMention, readPress, readSlash } from "../../../src/platforms/slack/payloads.ts";

describe("payloads of Slack", () => {
  it("reads a slash command", () => {
    const body = {
      command: "/rebalance",
      text: "dry-run",
      user_id: "U1",
      team_id: "T1",
      channel_id: "C1",
      trigger_id: "1.2",
    };
    expect(readSlash(body, "envelope:1")).toEqual({
      keys: ["envelope:1", "trigger:1.2"],
      person: { id: "U1", team: "T1" },
      place: "C1",
      content: { kind: "text", command: "rebalance", text: "dry-run" },
    });
    expect(readSlash({ command: "/rebalance" }, "x")).toBeUndefined();
  });

  it("reads a press, also in a workspace that belongs to an organisation", () => {
    const body = {
      user: { id: "U1", team_id: "T1" },
      team: null,
      container: { channel_id: "C1" },
      actions: [{ value: "rebalance/apply?plan=P-1" }],
    };
    expect(readPress(body, "envelope:1")).toMatchObject({
      person: { id: "U1", team: "T1" },
      place: "C1",
      content: { kind: "button", value: "rebalance/apply?plan=P-1", message: undefined },
    });
    expect(readPress({ ...body, actions: [] }, "x")).toBeUndefined();
    expect(readPress({ ...body, actions: [{}] }, "x")).toBeUndefined();
    expect(readPress({ ...body, container: {} }, "x")).toBeUndefined();
  });

  it("reads a mention as a command, with or without a slash", () => {
    const event = {
      user: "U1",
      text: "<@UBOT>  /Rebalance best-node a &amp; b",
      channel: "C1",
      thread_ts: "1.0",
    };
    const read = readMention({ team_id: "T1", event_id: "E1", event }, "envelope:1");
    expect(read).toEqual({
      keys: ["envelope:1", "event:E1"],
      person: { id: "U1", team: "T1" },
      place: "C1",
      thread: "1.0",
      content: { kind: "text", command: "rebalance", text: "best-node a & b" },
    });
    expect(
      readMention({ team_id: "T1", event_id: "E1", event: { ...event, text: "<@UBOT>" } }, "x"),
    ).toMatchObject({
      content: { command: "", text: "" },
    });
  });

  it("takes the home of a stranger from the event, not from the workspace that sent it", () => {
    const event = { user: "U1", user_team: "T9", text: "<@UBOT> rebalance", channel: "C1" };
    expect(readMention({ team_id: "T1", event_id: "E1", event }, "x")?.person.team).toBe("T9");
  });
});

describe("parseBody", () => {
  const form = "application/x-www-form-urlencoded";
  it("reads JSON, forms, and JSON in forms, with or without a character set", () => {
    expect(parseBody(Buffer.from('{"a":1}'), "application/json; charset=utf-8")).toEqual({ a: 1 });
    expect(parseBody(Buffer.from("a=1&b=%C3%A9"), form)).toEqual({ a: "1", b: "é" });
    expect(parseBody(Buffer.from('payload={"a":1}'), `${form}; charset=utf-8`)).toEqual({ a: 1 });
  });

  it("reads nothing from what is broken or no object", () => {
    for (const body of ["{", "[1]", "null", '"text"']) {
      expect(parseBody(Buffer.from(body), "application/json")).toBeUndefined();
    }
    expect(parseBody(Buffer.from("payload={"), form)).toBeUndefined();
  });
});
