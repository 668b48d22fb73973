import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type SlackSimulator, slackLimits, startSlack } from "../../src/index.ts";
import { webClient } from "./support/apps.ts";
import { actions, button, section } from "./support/blocks.ts";

const channel = "C0OPERATION";

describe("the Web API, called by Slack's own client", () => {
  let slack: SlackSimulator;

  beforeEach(async () => {
    slack = await startSlack({
      users: [
        { id: "U0OPERATOR1", name: "operator", locale: "es-ES", email: "operator@example.org" },
        { id: "U0GONE00001", name: "gone", isDeleted: true },
        { id: "U0GUEST0001", name: "guest", isRestricted: true },
      ],
      channels: [
        { id: channel, name: "operations", members: ["U0OPERATOR1"] },
        { id: "C0OTHER0001", name: "other", hasBot: false },
        { id: "C0ARCHIVE01", name: "old", isArchived: true },
      ],
    });
  });

  afterEach(() => slack.close());

  /** The error code that a call ends with. */
  async function errorOf(call: Promise<unknown>): Promise<string> {
    const outcome = await call.then(
      () => ({ data: { error: "none" } }),
      (error: { data?: { error: string }; code: string }) => error,
    );
    return outcome.data?.error ?? "no platform error";
  }

  it("knows its tokens", async () => {
    const me = await webClient(slack).auth.test();
    expect(me).toMatchObject({ ok: true, team_id: "T0SIMULATED", user_id: slack.botUserId });
    expect(await errorOf(webClient(slack, "xoxb-wrong").auth.test())).toBe("invalid_auth");
    expect(await errorOf(new Promise((resolve) => resolve(webClient(slack, "").auth.test())))).toBe(
      "not_authed",
    );
    expect(await errorOf(webClient(slack).apps.connections.open())).toBe("not_allowed_token_type");
    const text = { channel, text: "x" };
    expect(await errorOf(webClient(slack, slack.appToken).chat.postMessage(text))).toBe(
      "not_allowed_token_type",
    );
    slack.rotateBotToken("xoxb-next");
    expect(await errorOf(webClient(slack).auth.test())).toBe("token_revoked");
    expect(await webClient(slack, "xoxb-next").auth.test()).toMatchObject({ ok: true });
  });

  it("knows its methods and scopes", async () => {
    expect(await errorOf(webClient(slack).apiCall("chat.shout"))).toBe("unknown_method");
    const call = webClient(slack).users.lookupByEmail({ email: "operator@example.org" });
    await expect(call).rejects.toMatchObject({
      data: { error: "missing_scope", needed: "users:read.email" },
    });
  });

  it("posts where the app may post", async () => {
    const { chat } = webClient(slack);
    expect(await errorOf(chat.postMessage({ channel: "C0NOWHERE01", text: "x" }))).toBe(
      "channel_not_found",
    );
    expect(await errorOf(chat.postMessage({ channel: "C0OTHER0001", text: "x" }))).toBe(
      "not_in_channel",
    );
    expect(await errorOf(chat.postMessage({ channel: "C0ARCHIVE01", text: "x" }))).toBe(
      "is_archived",
    );
    expect(await chat.postMessage({ channel: "#operations", text: "x" })).toMatchObject({
      channel,
    });
    const direct = await chat.postMessage({ channel: "U0OPERATOR1", text: "only you" });
    expect(direct.channel).toMatch(/^D/);
    expect(slack.messages("operator").map((message) => message.text)).toEqual(["only you"]);
  });

  it("refuses messages without text and with too much of it", async () => {
    const { chat } = webClient(slack);
    expect(await errorOf(chat.postMessage({ channel, text: "" }))).toBe("no_text");
    const most = "x".repeat(slackLimits.message.text);
    expect(await errorOf(chat.postMessage({ channel, text: most }))).toBe("none");
    expect(await errorOf(chat.postMessage({ channel, text: `${most}x` }))).toBe("msg_too_long");
    const { ts = "" } = await chat.postMessage({ channel, text: "x" });
    const long = "x".repeat(slackLimits.message.updateText + 1);
    expect(await errorOf(chat.update({ channel, ts, text: long }))).toBe("msg_too_long");
    expect(
      await errorOf(chat.postMessage({ channel, text: "x", blocks: "nonsense" as never })),
    ).toBe("invalid_blocks_format");
  });

  it("adds up the markdown blocks of a message", async () => {
    const markdown = (length: number) => ({ type: "markdown" as const, text: "x".repeat(length) });
    const { chat } = webClient(slack);
    const fits = { channel, text: "x", blocks: [markdown(12_000), markdown(1_000)] };
    expect(await errorOf(chat.postMessage(fits))).toBe("none");
    const over = { channel, text: "x", blocks: [markdown(12_000), markdown(1_001)] };
    expect(await errorOf(chat.postMessage(over))).toBe("msg_blocks_too_long");
    const both = { channel, text: "x", markdown_text: "x" };
    expect(await errorOf(webClient(slack).apiCall("chat.postMessage", both))).toBe(
      "markdown_text_conflict",
    );
    await webClient(slack).apiCall("chat.postMessage", { channel, markdown_text: "**x**" });
    expect(slack.messages("operations").at(-1)?.blocks).toMatchObject([{ text: "**x**" }]);
  });

  it("names the place of a fault in blocks as Slack does", async () => {
    const blocks = [section("x"), section("x".repeat(3001))];
    const call = webClient(slack).chat.postMessage({ channel, text: "x", blocks });
    await expect(call).rejects.toMatchObject({
      data: {
        error: "invalid_blocks",
        errors: ["must be less than 3001 characters [json-pointer:/blocks/1/text/text]"],
        response_metadata: {
          messages: [
            "[ERROR] must be less than 3001 characters [json-pointer:/blocks/1/text/text]",
          ],
        },
      },
    });
    expect(slack.messages("operations")).toEqual([]);
  });

  it("drops the blocks when an edit brings text alone, and keeps every version", async () => {
    const { chat } = webClient(slack);
    const { ts = "" } = await chat.postMessage({ channel, text: "a", blocks: [section("a")] });
    await chat.update({ channel, ts, text: "b", blocks: [actions(button("go", "Go"))] });
    const edited = await chat.update({ channel, ts, text: "c" });
    expect(edited).toMatchObject({ channel, ts, text: "c" });
    const [message] = slack.messages("operations");
    expect(message?.blocks).toEqual([]);
    expect(message?.history.map(({ text, blocks }) => [text, blocks.length])).toEqual([
      ["a", 1],
      ["b", 1],
      ["c", 0],
    ]);
    expect(await errorOf(chat.update({ channel, ts: "1.000001", text: "x" }))).toBe(
      "message_not_found",
    );
  });

  it("lets the app change and delete its own messages only", async () => {
    const { chat } = webClient(slack);
    await slack.mention("hello", { user: "operator", via: "socket" });
    const [question] = slack.messages("operations");
    const ts = question?.ts ?? "";
    expect(await errorOf(chat.update({ channel, ts, text: "x" }))).toBe("cant_update_message");
    expect(await errorOf(chat.delete({ channel, ts }))).toBe("cant_delete_message");
    const reply = await chat.postMessage({ channel, thread_ts: ts, text: "hi" });
    expect(slack.messages("operations").at(-1)).toMatchObject({ threadTs: ts, text: "hi" });
    await chat.delete({ channel, ts: reply.ts ?? "" });
    expect(slack.messages("operations")).toHaveLength(1);
    expect(await errorOf(chat.postMessage({ channel, thread_ts: "1.000001", text: "x" }))).toBe(
      "cannot_reply_to_message",
    );
  });

  it("shows an ephemeral message to one person, and to no method", async () => {
    const { chat } = webClient(slack);
    const sent = await chat.postEphemeral({ channel, user: "U0OPERATOR1", text: "psst" });
    expect(slack.ephemerals("operator").map((message) => message.text)).toEqual(["psst"]);
    expect(slack.messages("operations")).toEqual([]);
    const ts = sent.message_ts ?? "";
    expect(await errorOf(chat.update({ channel, ts, text: "x" }))).toBe("message_not_found");
    const stranger = { channel, user: "U0GUEST0001", text: "x" };
    expect(await errorOf(chat.postEphemeral(stranger))).toBe("user_not_in_channel");
  });

  it("describes people, with their language on request", async () => {
    const { users, conversations } = webClient(slack);
    const plain = await users.info({ user: "U0OPERATOR1" });
    expect(plain.user).toMatchObject({ id: "U0OPERATOR1", team_id: "T0SIMULATED", deleted: false });
    expect(plain.user).not.toHaveProperty("locale");
    expect(plain.user?.profile).not.toHaveProperty("email");
    const asked = await users.info({ user: "U0OPERATOR1", include_locale: true });
    expect(asked.user).toMatchObject({ locale: "es-ES" });
    expect((await users.info({ user: "U0GUEST0001" })).user).toMatchObject({ is_restricted: true });
    expect(await errorOf(users.info({ user: "U0NOBODY001" }))).toBe("user_not_found");
    const opened = await conversations.open({ users: "U0OPERATOR1" });
    expect(opened.channel?.id).toMatch(/^D/);
    expect((await conversations.open({ users: "U0OPERATOR1" })).channel).toEqual(opened.channel);
    expect(await errorOf(conversations.open({ users: "U0GONE00001" }))).toBe("user_disabled");
  });

  it("says 429 on the call that it is asked to, and takes the next", async () => {
    slack.inject({
      method: "chat.postMessage",
      kind: "rate_limited",
      nth: 2,
      retryAfterSeconds: 0,
    });
    const { chat } = webClient(slack);
    await chat.postMessage({ channel, text: "1" });
    await chat.postMessage({ channel, text: "2" });
    expect(slack.calls("chat.postMessage").map((call) => call.status)).toEqual([200, 429, 200]);
    slack.inject({ method: "chat.update", kind: "rate_limited", retryAfterSeconds: 30 });
    const impatient = webClient(slack, slack.botToken, { rejectRateLimitedCalls: true });
    const call = impatient.chat.update({ channel, ts: "1.1", text: "x" });
    await expect(call).rejects.toMatchObject({
      code: "slack_webapi_rate_limited_error",
      retryAfter: 30,
    });
  });

  it("cuts connections before and after the message is posted", async () => {
    const { chat } = webClient(slack);
    slack.inject({ method: "chat.postMessage", kind: "reset", when: "before" });
    await chat.postMessage({ channel, text: "once" });
    slack.inject({ method: "chat.postMessage", kind: "reset", when: "after" });
    await chat.postMessage({ channel, text: "twice" });
    expect(slack.messages("operations").map((message) => message.text)).toEqual([
      "once",
      "twice",
      "twice",
    ]);
    expect(slack.calls().map((call) => [call.status, call.isApplied])).toEqual([
      [undefined, false],
      [200, true],
      [undefined, true],
      [200, true],
    ]);
  });

  it("fails with a status, with an error, and for a kind of block", async () => {
    const { chat } = webClient(slack);
    slack.inject({ method: "*", kind: "http_error", status: 503 });
    await chat.postMessage({ channel, text: "after 503" });
    expect(slack.calls().map((call) => call.status)).toEqual([503, 200]);
    const disarm = slack.inject({
      method: "chat.postMessage",
      kind: "error",
      error: "fatal_error",
      times: Number.POSITIVE_INFINITY,
    });
    expect(await errorOf(chat.postMessage({ channel, text: "x" }))).toBe("fatal_error");
    disarm();
    const allow = slack.rejectBlocks("section");
    expect(await errorOf(chat.postMessage({ channel, text: "x", blocks: [section("x")] }))).toBe(
      "invalid_blocks",
    );
    allow();
    expect(await errorOf(chat.postMessage({ channel, text: "x", blocks: [section("x")] }))).toBe(
      "none",
    );
  });

  it("logs arguments as values and without tokens", async () => {
    const blocks = [section("x")];
    await webClient(slack).apiCall("chat.postMessage", {
      channel,
      text: "x",
      blocks,
      token: slack.botToken,
    });
    const [call] = slack.calls();
    expect(call).toMatchObject({
      method: "chat.postMessage",
      token: "bot",
      ok: true,
      args: { channel, blocks },
    });
    expect(JSON.stringify(slack.calls())).not.toContain(slack.botToken);
  });
});

describe("the documented rate limits", () => {
  it("allow a short burst of posts per channel and then say when to come back", async () => {
    let now = 1_800_000_000_000;
    const slack = await startSlack({ rateLimits: true, now: () => now });
    const { chat } = webClient(slack, slack.botToken, { rejectRateLimitedCalls: true });
    for (let i = 0; i < 5; i++) await chat.postMessage({ channel, text: `${i}` });
    const sixth = chat.postMessage({ channel, text: "5" });
    await expect(sixth).rejects.toMatchObject({ code: "slack_webapi_rate_limited_error" });
    now += 5_000;
    await chat.postMessage({ channel, text: "6" });
    await slack.close();
  });

  it("count edits per minute over all messages", async () => {
    const now = 1_800_000_000_000;
    const slack = await startSlack({ rateLimits: true, now: () => now });
    const { chat } = webClient(slack, slack.botToken, { rejectRateLimitedCalls: true });
    const { ts = "" } = await chat.postMessage({ channel, text: "x" });
    for (let i = 0; i < 50; i++) await chat.update({ channel, ts, text: `${i}` });
    await expect(chat.update({ channel, ts, text: "51" })).rejects.toMatchObject({
      retryAfter: 60,
    });
    await slack.close();
  });
});
