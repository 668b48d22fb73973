import { describe, expect, it } from "vitest";
import { type SlackOptionsInput, slackManifest, slackOptions } from "../src/index.ts";

const socket = { mode: "socket", botToken: "xoxb-1", appToken: "xapp-1" } as const;
const http = { mode: "http", botToken: "xoxb-1", signingSecret: "s" } as const;

describe("slackOptions", () => {
  it("fills in what may be left out", () => {
    expect(slackOptions.parse(socket)).toEqual({ ...socket, operators: [] });
    expect(slackOptions.parse(http)).toEqual({
      ...http,
      operators: [],
      host: "127.0.0.1",
      port: 3000,
    });
  });

  it.each<[string, unknown, string]>([
    ["another mode", { ...socket, mode: "rtm" }, "mode"],
    ["a bot token that is none", { ...socket, botToken: "xapp-1" }, "botToken"],
    ["an app token that is none", { ...socket, appToken: "xoxb-1" }, "appToken"],
    ["a signing secret in Socket Mode", { ...socket, signingSecret: "s" }, ""],
    ["an app token over HTTP", { ...http, appToken: "xapp-1" }, ""],
    ["a name instead of a user id", { ...socket, operators: ["@ana"] }, "operators.0"],
    ["a port that is none", { ...http, port: 70_000 }, "port"],
    ["nothing", undefined, ""],
  ])("refuses %s", (_, input, path) => {
    const parsed = slackOptions.safeParse(input as SlackOptionsInput);
    expect(parsed.error?.issues.map((issue) => issue.path.join("."))).toEqual([path]);
  });
});

describe("slackManifest", () => {
  it("asks for the least, with Socket Mode unless there is an address", () => {
    const manifest = slackManifest();
    expect(manifest.oauth_config.scopes.bot).toEqual([
      "app_mentions:read",
      "chat:write",
      "commands",
      "files:write",
      "im:write",
      "users:read",
    ]);
    expect(manifest.settings).toMatchObject({
      socket_mode_enabled: true,
      interactivity: { is_enabled: true },
      event_subscriptions: { bot_events: ["app_mention"] },
    });
    expect(JSON.stringify(manifest)).not.toContain("url");
  });

  it("names the address wherever Slack wants it", () => {
    const url = "https://kappa4.example.com/slack/events";
    const manifest = slackManifest({ url });
    expect(manifest.settings.socket_mode_enabled).toBe(false);
    expect(JSON.stringify(manifest).split(url)).toHaveLength(5);
  });

  it("keeps to Slack's sizes", () => {
    const { display_information, features } = slackManifest();
    expect(display_information.description.length).toBeLessThanOrEqual(140);
    for (const { command, description, usage_hint } of features.slash_commands) {
      expect(command.length).toBeLessThanOrEqual(32);
      expect(description.length).toBeLessThanOrEqual(2000);
      expect(usage_hint.length).toBeLessThanOrEqual(1000);
    }
  });
});
