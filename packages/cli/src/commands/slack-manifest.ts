import { type CommandSpec, defineCommand } from "../command.ts";

/** Prints what Slack needs to know of the app. */
export const slackManifest: CommandSpec = defineCommand({
  name: "slack manifest",
  summary: "Print the manifest from which Slack makes the app.",
  flags: {
    name: { value: "NAME", summary: "Name of the app. Default: Kappa4." },
    url: {
      value: "URL",
      summary: "Public address for signed HTTP; without it the app uses Socket Mode.",
    },
  },
  examples: ["slack manifest > manifest.json"],
  load: async () => (await import("../run/slack-manifest.ts")).runSlackManifest,
});
