import type { App } from "@slack/bolt";
import { afterEach, describe, expect, it } from "vitest";
import { type SlackSimulator, startSlack } from "../../src/index.ts";
import { PATIENT_MS, type RunningApp, SHORT_MS, startApp } from "./support/apps.ts";
import { actions, button, section } from "./support/blocks.ts";

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function start(
  via: "socket" | "http",
  listen: (app: App) => void,
  ackTimeoutMs: number = PATIENT_MS,
): Promise<{ slack: SlackSimulator; running: RunningApp }> {
  const slack = await startSlack({ ackTimeoutMs, eventRetryDelaysMs: [0, 10, 10] });
  open.push(slack);
  const running = await startApp(slack, via, listen);
  open.push({ close: () => running.stop() });
  return { slack, running };
}

/** The app of these tests: plans on a command, applies on a click. */
function planner(app: App): void {
  app.command(/.*/, async ({ ack, respond, client, command, context }) => {
    await ack({ response_type: "ephemeral", text: "Planning." });
    await respond({ text: `Asked for: ${command.text}`, response_type: "ephemeral" });
    await client.chat.postMessage({
      channel: command.channel_id,
      text: "Plan of 5 moves",
      blocks: [
        section("*Plan* of 5 moves"),
        actions(button("apply", "Apply"), button("why", "Explain")),
      ],
      metadata: { event_type: "plan", event_payload: { envelope: String(context.envelopeId) } },
    });
  });
  app.action("apply", async ({ ack, body, client, respond }) => {
    await ack();
    if (body.type !== "block_actions" || body.message === undefined) return;
    const channel = body.channel?.id ?? "";
    await client.chat.update({
      channel,
      ts: body.message.ts,
      text: "Running",
      blocks: [section("Running")],
    });
    await respond({ text: "Done", replace_original: true });
  });
}

describe.each(["socket", "http"] as const)("a Bolt app over %s", (via) => {
  it("goes from command to acknowledgement, answer, post, click, edit and result", async () => {
    const { slack } = await start(via, planner);

    const command = await slack.slash("/rebalance", "dry-run --pool gold", { user: "operator" });
    expect(command).toMatchObject({ outcome: "acknowledged", via, userSees: undefined });
    expect(command.message).toMatchObject({ text: "Planning.", ephemeralFor: "U0OPERATOR1" });

    const plan = await slack.waitForMessage((message) => message.text.startsWith("Plan of"));
    expect(slack.ephemerals("operator").map((message) => message.text)).toEqual([
      "Planning.",
      "Asked for: dry-run --pool gold",
    ]);
    expect(slack.ephemerals("viewer")).toEqual([]);

    const click = await slack.click({ messageTs: plan.ts, text: "Apply", user: "operator" });
    expect(click).toMatchObject({ outcome: "acknowledged", ack: { body: undefined } });
    expect(click.payload).toMatchObject({
      type: "block_actions",
      user: { id: "U0OPERATOR1" },
      container: { message_ts: plan.ts, is_ephemeral: false },
      actions: [{ action_id: "apply", block_id: "row", value: "value-of-apply", type: "button" }],
    });

    const done = await slack.waitForMessage((message) => message.text === "Done");
    expect(done.ts).toBe(plan.ts);
    expect(done.history.map(({ by, text }) => [by, text])).toEqual([
      ["chat.postMessage", "Plan of 5 moves"],
      ["chat.update", "Running"],
      ["response_url", "Done"],
    ]);
    expect(slack.messages("operations").map((message) => message.text)).toEqual(["Done"]);
    expect(slack.calls().every((call) => call.ok)).toBe(true);
  });

  it("lets nobody click what is gone, unless their screen is old", async () => {
    const { slack } = await start(via, planner);
    await slack.slash("/rebalance", "dry-run");
    await slack.waitForMessage((message) => message.text.startsWith("Plan of"));
    await slack.click({ actionId: "apply" });
    const done = await slack.waitForMessage((message) => message.text === "Done");

    await expect(slack.click({ actionId: "apply" })).rejects.toThrow('no "apply" to click on');
    await expect(slack.click({ text: "Explain", messageTs: done.ts })).rejects.toThrow("Explain");

    const late = await slack.click({ actionId: "apply", stale: true });
    expect(late.outcome).toBe("acknowledged");
    expect(late.payload).toMatchObject({ message: { text: "Plan of 5 moves", ts: done.ts } });
  });

  it("delivers copies of the same click as often as asked", async () => {
    const ids: unknown[] = [];
    const { slack } = await start(via, (app) => {
      planner(app);
      app.action("why", async ({ ack, body }) => {
        ids.push(body.type === "block_actions" ? body.trigger_id : undefined);
        await ack();
      });
    });
    await slack.slash("/rebalance", "dry-run");
    await slack.waitForMessage((message) => message.text.startsWith("Plan of"));

    const click = await slack.click({ actionId: "why", duplicates: 2 });
    expect(click.copies.map((copy) => copy.failure)).toEqual([undefined, undefined, undefined]);
    expect(new Set(ids)).toEqual(new Set([click.payload.trigger_id]));
    expect(ids).toHaveLength(3);
  });

  it("tells the person when the app does not acknowledge in time", async () => {
    const { slack } = await start(
      via,
      (app) => {
        app.command(/.*/, () => new Promise(() => undefined));
      },
      SHORT_MS,
    );
    const command = await slack.slash("/rebalance");
    expect(command).toMatchObject({
      outcome: "timeout",
      ack: undefined,
      userSees: '/rebalance failed with the error "operation_timeout"',
    });
  });

  it("loses an acknowledgement on request, although the app sent it", async () => {
    const { slack } = await start(via, planner);
    slack.dropAcks(1);
    expect(await slack.slash("/rebalance")).toMatchObject({ outcome: "timeout" });
    expect(await slack.slash("/rebalance")).toMatchObject({ outcome: "acknowledged" });
  });

  it("hands plain text back escaped, as Slack does, and values as they were", async () => {
    const { slack } = await start(via, (app) => {
      app.command(/.*/, async ({ ack, say }) => {
        await ack();
        const text = { type: "plain_text" as const, text: "a & b" };
        await say({ text: "x", blocks: [actions({ ...button("go", ""), text, value: "a & b" })] });
      });
      app.action("go", ({ ack }) => ack());
    });
    await slack.slash("/rebalance");
    await slack.waitForMessage((message) => message.text === "x");
    const click = await slack.click({ text: "a & b" });
    expect(click.payload).toMatchObject({
      message: { blocks: [{ elements: [{ text: { text: "a &amp; b" } }] }] },
      actions: [{ value: "a & b", text: { text: "a &amp; b" } }],
    });
  });

  it("reports what a person chose from a menu, and remembers it for the next click", async () => {
    const { slack } = await start(via, (app) => {
      app.command(/.*/, async ({ ack, say }) => {
        await ack();
        const options = ["n1", "n2"].map((value) => ({
          text: { type: "plain_text" as const, text: `Node ${value}` },
          value,
        }));
        const menu = { type: "static_select" as const, action_id: "node", options };
        const more = { type: "overflow" as const, action_id: "more", options };
        await say({ text: "x", blocks: [actions(menu, more, button("go", "Go"))] });
      });
      app.action(/.*/, ({ ack }) => ack());
    });
    await slack.slash("/rebalance");
    await slack.waitForMessage((message) => message.text === "x");
    const chosen = { selected_option: { value: "n2" } };
    const menu = await slack.click({ actionId: "node", choice: "Node n2" });
    expect(menu.payload).toMatchObject({ actions: [{ type: "static_select", ...chosen }] });
    const more = await slack.click({ actionId: "more", choice: "n1" });
    expect(more.payload).toMatchObject({ actions: [{ selected_option: { value: "n1" } }] });
    const go = await slack.click({ text: "Go" });
    expect(go.payload).toMatchObject({ state: { values: { row: { node: chosen } } } });
    await expect(slack.click({ actionId: "node", choice: "n9" })).rejects.toThrow("n1, n2");
  });

  it("sends an event again until it is acknowledged, with the same event id", async () => {
    const seen: { id: string; retry: number | undefined; text: string }[] = [];
    const { slack } = await start(via, (app) => {
      app.event("app_mention", async ({ body, event, context }) => {
        seen.push({ id: body.event_id, retry: context.retryNum, text: event.text });
      });
    });
    slack.dropAcks(2);
    const first = await slack.mention("rebalance status", { user: "operator" });
    expect(first).toMatchObject({ outcome: "timeout", attempt: 0 });
    const last = await slack.waitForDelivery((one) => one.outcome === "acknowledged");
    expect(last.attempt).toBe(2);
    expect(seen).toHaveLength(3);
    expect(new Set(seen.map((one) => one.id)).size).toBe(1);
    expect(seen.at(-1)).toMatchObject({ retry: 2, text: `<@${slack.botUserId}> rebalance status` });
    expect(slack.messages("operations")[0]).toMatchObject({ user: "U0OPERATOR1", isBot: false });
  });

  it("opens the Home tab, where the app may publish", async () => {
    const { slack } = await start(via, (app) => {
      app.event("app_home_opened", async ({ event, client }) => {
        const view = {
          type: "home" as const,
          blocks: [section("Nothing runs."), actions(button("new", "Plan"))],
        };
        await client.views.publish({ user_id: event.user, view });
      });
      app.action("new", ({ ack }) => ack());
    });
    await slack.openHome({ user: "viewer" });
    const published = () => slack.calls("views.publish").length > 0;
    await expect.poll(published).toBe(true);
    const home = slack.home("viewer");
    expect(home?.blocks[0]).toMatchObject({ type: "section" });
    const click = await slack.click({ viewId: home?.id, actionId: "new", user: "viewer" });
    expect(click).toMatchObject({
      outcome: "acknowledged",
      payload: { container: { type: "view" } },
    });
  });
});
