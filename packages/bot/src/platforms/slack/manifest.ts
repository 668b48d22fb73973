import type { Command } from "../../commands/define.ts";
import { commands } from "../../commands/index.ts";

/** Options of {@link slackManifest}. */
export interface SlackManifestOptions {
  /** Where Slack sends requests, for example `https://kappa4.example.com/slack/events`. Default: Socket Mode. */
  readonly url?: string | undefined;
  /** Further commands that {@link StartBotOptions.commands} adds. */
  readonly commands?: Readonly<Record<string, Command>> | undefined;
  /** Name of the app and its bot. Default `Kappa4`. */
  readonly name?: string | undefined;
}

/** What a Slack app is made from; Slack's own names. */
export interface SlackManifest {
  readonly display_information: { readonly name: string; readonly description: string };
  readonly features: {
    readonly bot_user: { readonly display_name: string; readonly always_online: boolean };
    readonly slash_commands: readonly {
      readonly command: string;
      readonly description: string;
      readonly usage_hint: string;
      readonly should_escape: boolean;
      readonly url?: string;
    }[];
  };
  readonly oauth_config: { readonly scopes: { readonly bot: readonly string[] } };
  readonly settings: {
    readonly event_subscriptions: {
      readonly bot_events: readonly string[];
      readonly request_url?: string;
    };
    readonly interactivity: { readonly is_enabled: boolean; readonly request_url?: string };
    readonly org_deploy_enabled: boolean;
    readonly socket_mode_enabled: boolean;
    readonly token_rotation_enabled: boolean;
  };
}

/** What the bot needs, and no more: it reads no messages but those that mention it. */
const SCOPES = [
  "app_mentions:read",
  "chat:write",
  "commands",
  "files:write",
  "im:write",
  "users:read",
] as const;

/** Returns the manifest to paste into Slack when the app is made. */
export function slackManifest(options: SlackManifestOptions = {}): SlackManifest {
  const { url, name = "Kappa4" } = options;
  const all = Object.values({ ...commands, ...options.commands });
  const request = url === undefined ? {} : { request_url: url };
  return {
    display_information: {
      name,
      description:
        "Levels clusters: plans a rebalance, explains it, and applies it when you say so.",
    },
    features: {
      bot_user: { display_name: name, always_online: true },
      slash_commands: all.map((command) => ({
        command: `/${command.name}`,
        description: command.summary,
        usage_hint: [...Object.keys(command.verbs), "help"].join(" | "),
        should_escape: false,
        ...(url === undefined ? {} : { url }),
      })),
    },
    oauth_config: { scopes: { bot: SCOPES } },
    settings: {
      event_subscriptions: { bot_events: ["app_mention"], ...request },
      interactivity: { is_enabled: true, ...request },
      org_deploy_enabled: false,
      socket_mode_enabled: url === undefined,
      token_rotation_enabled: false,
    },
  };
}
