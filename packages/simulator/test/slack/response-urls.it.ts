import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type SlackSimulator, startSlack } from "../../src/index.ts";
import { webClient } from "./support/apps.ts";
import { actions, button } from "./support/blocks.ts";

describe("response URLs", () => {
  let slack: SlackSimulator;

  beforeEach(async () => {
    slack = await startSlack({ callbackUrl: "http://127.0.0.1:9/", now: () => 1_800_000_000_000 });
  });

  afterEach(() => slack.close());

  const post = (url: unknown, body: object): Promise<Response> =>
    fetch(String(url), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });

  /** The app never hears of these commands; only their response URLs matter here. */
  async function issue(): Promise<unknown> {
    return (await slack.slash("/rebalance")).payload.response_url;
  }

  it("work five times", async () => {
    const url = await issue();
    const statuses: number[] = [];
    for (let i = 0; i < 6; i++) statuses.push((await post(url, { text: `${i}` })).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 404]);
    expect(slack.ephemerals("admin")).toHaveLength(5);
    expect(slack.calls("response_url").at(-1)).toMatchObject({ ok: false, error: "used_url" });
  });

  it("work for thirty minutes", async () => {
    const url = await issue();
    slack.advance(30 * 60_000);
    expect((await post(url, { text: "still" })).status).toBe(200);
    slack.advance(1);
    const late = await post(url, { text: "too late" });
    expect([late.status, await late.json()]).toEqual([404, { ok: false, error: "expired_url" }]);
  });

  it("post to the channel on request, and refuse what chat.postMessage refuses", async () => {
    const url = await issue();
    await post(url, { text: "for all", response_type: "in_channel" });
    expect(slack.messages("operations").map((message) => message.text)).toEqual(["for all"]);
    const bad = await post(url, { text: "x", blocks: [{ type: "section" }] });
    expect([bad.status, await bad.json()]).toMatchObject([400, { error: "invalid_blocks" }]);
    const replaced = await post(url, { text: "x", replace_original: true });
    expect(await replaced.json()).toMatchObject({ error: "message_not_found" });
  });

  it("change and delete an ephemeral message, which nothing else can", async () => {
    const blocks = [actions(button("go", "Go"))];
    const user = "U0OPERATOR1";
    await webClient(slack).chat.postEphemeral({ channel: "C0OPERATION", user, text: "a", blocks });
    const click = await slack.click({ text: "Go", user });
    expect(click.payload).toMatchObject({ container: { is_ephemeral: true } });
    expect(click.payload).not.toHaveProperty("message");
    const url = click.payload.response_url;
    await post(url, { text: "b", replace_original: true });
    expect(slack.ephemerals(user).map((message) => message.text)).toEqual(["b"]);
    await post(url, { delete_original: true });
    expect(slack.ephemerals(user)).toEqual([]);
  });

  it("are unknown when made up", async () => {
    expect((await post(`${slack.url}/commands/T0/1/x`, { text: "x" })).status).toBe(404);
  });
});
