import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { App } from "@slack/bolt";
import { afterEach, describe, expect, it } from "vitest";
import { socketReceiver } from "./support/apps.ts";
import { actions, button } from "./support/blocks.ts";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const running: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
});

/** A modal with one field. */
const question = {
  type: "modal" as const,
  callback_id: "why",
  title: { type: "plain_text" as const, text: "Deny P-7F3K" },
  submit: { type: "plain_text" as const, text: "Deny" },
  blocks: [
    {
      type: "input" as const,
      block_id: "reason",
      label: { type: "plain_text" as const, text: "Why not?" },
      element: { type: "plain_text_input" as const, action_id: "reason" },
    },
  ],
};

function start(...args: string[]) {
  const child = spawn(process.execPath, [main, "slack", ...args]);
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  createInterface({ input: child.stderr }).on("line", (line) => lines.push(`! ${line}`));
  const ended = once(child, "exit");
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await ended;
  };
  return { child, lines, ended, stop };
}

describe("kappa4-simulator slack", () => {
  it("lets a person type commands to a Bolt app and click in its answers", async () => {
    const { child, lines, ended, stop } = start("--listen", "127.0.0.1:0");
    running.push(stop);
    await expect.poll(() => lines[0], { timeout: 10_000 }).toMatch(/^listening http:/);
    const slackApiUrl = lines[0]?.replace("listening ", "") ?? "";
    const app = new App({
      token: "xoxb-simulated",
      receiver: socketReceiver(slackApiUrl, "xapp-1-simulated", 1),
      deferInitialization: true,
      clientOptions: { slackApiUrl },
    });
    app.command("/plan", async ({ ack, say, command }) => {
      await ack("Planning.");
      const text = `Plan for &lt;${command.user_name}&gt;`;
      await say({ text, blocks: [actions(button("go", "Apply"), button("no", "Deny"))] });
    });
    app.action("no", async ({ ack, client, body }) => {
      const trigger_id = "trigger_id" in body ? body.trigger_id : "";
      await ack();
      await client.views.open({ trigger_id, view: question });
    });
    app.view("why", async ({ ack, client, view }) => {
      await ack();
      const text = `Denied: ${view.state.values.reason?.reason?.value}`;
      await client.chat.postMessage({ channel: "C0OPERATION", text });
    });
    app.action("go", async ({ ack, respond }) => {
      await ack();
      await respond({ text: "Applied", replace_original: true });
    });
    await app.init();
    await app.start();
    running.push(async () => void (await app.stop()));

    child.stdin.write("as operator\n/plan dry-run\n");
    await expect.poll(() => lines).toContain("[Apply] [Deny]");
    expect(lines).toContain("Plan for <operator>");
    expect(lines.find((line) => line.includes("only visible to you"))).toBeDefined();
    child.stdin.write("click Deny\n");
    await expect.poll(() => lines).toContain("(type answer TEXT, or cancel)");
    expect(lines).toContain("Why not?");
    child.stdin.write("answer Not on a Friday.\n");
    await expect.poll(() => lines).toContain("Denied: Not on a Friday.");
    child.stdin.write("home\nclick Apply\nclick Apply twice\nnonsense\n");
    await expect.poll(() => lines).toContain("Applied");
    await expect.poll(() => lines).toContain("The app shows no Home tab.");
    await expect.poll(() => lines.filter((line) => line.startsWith("!"))).toHaveLength(2);
    expect(lines).toContain(
      '! "nonsense" is nothing a person can do here; type /COMMAND, click TEXT, answer TEXT, cancel, mention TEXT, home, or as NAME.',
    );

    await running.pop()?.();
    child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  });

  it.each([
    [["--listen", "0.0.0.0:1"], "--listen takes an address on this machine"],
    [["--callback", "pve"], "--callback takes an http address"],
    [["--calback", "x"], "Unknown option '--calback'; did you mean --callback?"],
  ])("refuses %j in one line", async (args, message) => {
    const { lines, ended } = start(...args);
    const [code] = await ended;
    expect(code).toBe(2);
    await expect.poll(() => lines).toHaveLength(1);
    expect(lines[0]).toContain(message);
  });
});
