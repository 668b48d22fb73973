import type { App } from "@slack/bolt";
import type { ModalView } from "@slack/types";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type SlackSimulator, startSlack } from "../../src/index.ts";
import { PATIENT_MS, type RunningApp, startApp, webClient } from "./support/apps.ts";
import { section } from "./support/blocks.ts";

const plain = (text: string) => ({ type: "plain_text" as const, text });
const form: ModalView = {
  type: "modal",
  callback_id: "apply",
  private_metadata: "P-7F3K",
  title: plain("Apply a plan"),
  submit: plain("Apply"),
  notify_on_close: true,
  blocks: [
    {
      type: "input",
      block_id: "reason",
      label: plain("Reason"),
      element: {
        type: "plain_text_input",
        action_id: "reason_text",
        min_length: 3,
        max_length: 20,
      },
    },
    {
      type: "input",
      block_id: "node",
      label: plain("Node"),
      optional: true,
      element: {
        type: "static_select",
        action_id: "node_name",
        options: [
          { text: plain("pve-01"), value: "n1" },
          { text: plain("pve-02"), value: "n2" },
        ],
      },
    },
  ],
};

describe("modals", () => {
  let slack: SlackSimulator;
  let running: RunningApp;
  let answer: object | undefined;
  const submitted: unknown[] = [];
  const closed: unknown[] = [];

  beforeEach(async () => {
    slack = await startSlack({ ackTimeoutMs: PATIENT_MS, now: () => 1_800_000_000_000 });
    answer = undefined;
    running = await startApp(slack, "socket", (app: App) => {
      app.command(/.*/, async ({ ack, client, command }) => {
        await ack();
        if (command.text === "open")
          await client.views.open({ trigger_id: command.trigger_id, view: form });
      });
      app.view({ callback_id: "apply", type: "view_submission" }, async ({ ack, view }) => {
        submitted.push(view.state.values);
        await ack(answer as never);
      });
      app.view({ callback_id: "apply", type: "view_closed" }, async ({ ack, body }) => {
        closed.push(body.view.id);
        await ack();
      });
    });
  });

  afterEach(async () => {
    await running.stop();
    await slack.close();
  });

  async function open(): Promise<void> {
    await slack.slash("/rebalance", "open");
    await expect.poll(() => slack.view()).toBeDefined();
  }

  it("hand the app what was filled in, and close", async () => {
    await open();
    const done = await slack.submitView({ values: { reason_text: "quarterly", node: "pve-02" } });
    expect(done).toMatchObject({ outcome: "acknowledged", errors: {}, view: undefined });
    expect(done.payload).toMatchObject({
      type: "view_submission",
      view: { callback_id: "apply", private_metadata: "P-7F3K" },
    });
    expect(submitted.at(-1)).toEqual({
      reason: { reason_text: { type: "plain_text_input", value: "quarterly" } },
      node: {
        node_name: {
          type: "static_select",
          selected_option: { text: plain("pve-02"), value: "n2" },
        },
      },
    });
  });

  it("do not let a person submit what the client would hold back", async () => {
    await open();
    await expect(slack.submitView()).rejects.toThrow("must be filled in");
    await expect(slack.submitView({ values: { reason_text: "x" } })).rejects.toThrow("too short");
    await expect(slack.submitView({ values: { nonsense: "x" } })).rejects.toThrow(
      'no field "nonsense"',
    );
    const values = { reason_text: "quarterly", node_name: "n9" };
    await expect(slack.submitView({ values })).rejects.toThrow("it offers: n1, n2");
  });

  it("show errors under the fields, and refuse errors for fields that are not there", async () => {
    await open();
    const values = { reason_text: "quarterly" };
    answer = { response_action: "errors", errors: { reason: "Say more." } };
    const first = await slack.submitView({ values });
    expect(first).toMatchObject({
      errors: { reason: "Say more." },
      view: { userId: "U0ADMIN0001" },
    });
    answer = { response_action: "errors", errors: { nowhere: "x" } };
    expect(await slack.submitView({ values })).toMatchObject({
      userSees: "invalid_response_errors",
    });
  });

  it("are updated, stacked and cleared by the answer", async () => {
    await open();
    const values = { reason_text: "quarterly" };
    const next = { ...form, title: plain("Step 2") };
    answer = { response_action: "update", view: next };
    const updated = await slack.submitView({ values });
    expect(updated.view?.definition).toMatchObject({ title: { text: "Step 2" } });
    answer = { response_action: "push", view: { ...form, title: plain("Step 3") } };
    const pushed = await slack.submitView({ values });
    expect(pushed.view).toMatchObject({ rootId: updated.view?.id, previousId: updated.view?.id });
    answer = { response_action: "push", view: { ...form, title: plain("x".repeat(25)) } };
    expect(await slack.submitView({ values })).toMatchObject({ userSees: "invalid_arguments" });
    answer = { response_action: "clear" };
    expect((await slack.submitView({ values })).view).toBeUndefined();
  });

  it("tell the app when they are closed, if it wants to know", async () => {
    await open();
    const id = slack.view()?.id;
    await slack.closeView();
    expect(closed.at(-1)).toBe(id);
    await expect(slack.closeView()).rejects.toThrow("no modal on the screen");
  });

  it("ask the app for the options of a menu while a person types", async () => {
    const search = {
      type: "input" as const,
      block_id: "guest",
      label: plain("Guest"),
      element: { type: "external_select" as const, action_id: "guest_name", min_query_length: 1 },
    };
    running.app.options("guest_name", async ({ ack, payload }) => {
      await ack({ options: [{ text: plain(`${payload.value}-01`), value: "100" }] });
    });
    const trigger_id = String((await slack.slash("/rebalance")).payload.trigger_id);
    await webClient(slack).views.open({ trigger_id, view: { ...form, blocks: [search] } });
    const found = await slack.suggest({ actionId: "guest_name", value: "web" });
    expect(found.ack?.body).toEqual({ options: [{ text: plain("web-01"), value: "100" }] });
    const choice = { text: plain("web-01"), value: "100" };
    await slack.submitView({ values: { guest_name: choice } });
    expect(submitted.at(-1)).toMatchObject({ guest: { guest_name: { selected_option: choice } } });
  });

  it("open within three seconds of the trigger, and once", async () => {
    const { views } = webClient(slack);
    const early = (await slack.slash("/rebalance")).payload.trigger_id as string;
    slack.advance(3_000);
    const opened = await views.open({ trigger_id: early, view: form });
    expect(opened.view).toMatchObject({ type: "modal", root_view_id: opened.view?.id });
    await expect(views.open({ trigger_id: early, view: form })).rejects.toThrow(
      "exchanged_trigger_id",
    );
    const late = (await slack.slash("/rebalance")).payload.trigger_id as string;
    slack.advance(3_001);
    await expect(views.open({ trigger_id: late, view: form })).rejects.toThrow(
      "expired_trigger_id",
    );
    await expect(views.open({ trigger_id: "1.2.x", view: form })).rejects.toThrow(
      "invalid_trigger_id",
    );
  });

  it("are updated only by those who know the present state", async () => {
    const { views } = webClient(slack);
    const trigger_id = (await slack.slash("/rebalance")).payload.trigger_id as string;
    const { view } = await views.open({ trigger_id, view: form });
    const view_id = view?.id ?? "";
    const hash = view?.hash ?? "";
    const next = await views.update({ view_id, hash, view: form });
    await expect(views.update({ view_id, hash, view: form })).rejects.toThrow("hash_conflict");
    expect(next.view).toMatchObject({ id: view_id });
    await expect(views.update({ view_id: "V0NOWHERE01", view: form })).rejects.toThrow("not_found");
    const bad = { ...form, blocks: [section("x".repeat(3001))] };
    await expect(views.update({ view_id, view: bad })).rejects.toMatchObject({
      data: {
        error: "invalid_arguments",
        response_metadata: {
          messages: [
            "[ERROR] must be less than 3001 characters [json-pointer:/view/blocks/0/text/text]",
          ],
        },
      },
    });
  });

  it("stack three deep at most", async () => {
    await open();
    const { views } = webClient(slack);
    const push = async (): Promise<unknown> => {
      const view = slack.view();
      const { payload } = await slack.submitView({
        viewId: view?.id,
        values: { reason_text: "quarterly" },
      });
      return views.push({ trigger_id: String(payload.trigger_id), view: form });
    };
    answer = { response_action: "update", view: form };
    await push();
    await push();
    await expect(push()).rejects.toThrow("push_limit_reached");
  });
});
