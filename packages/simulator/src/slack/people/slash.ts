import { applyResponse } from "../api/respond.ts";
import type { SlackDelivery, SlackDeliveryOptions } from "../delivery/envelope.ts";
import { isMember } from "../state/directory.ts";
import { wireChannelName } from "../state/wire.ts";
import { conclude, type Desk } from "./desk.ts";

/** Who types a command, and where. */
export interface SlackSlashOptions extends SlackDeliveryOptions {
  /** Id or name; default the first person. */
  readonly user?: string | undefined;
  /** Id or name; default the first channel that the app is in. */
  readonly channel?: string | undefined;
}

/** A person types a slash command. */
export async function slash(
  desk: Desk,
  command: string,
  text: string,
  options: SlackSlashOptions = {},
): Promise<SlackDelivery> {
  const { workspace, courier } = desk;
  const user = workspace.directory.person(options.user);
  const channel = workspace.directory.place(options.channel);
  if (!command.startsWith("/")) throw new Error(`A command starts with a slash, not "${command}".`);
  if (!isMember(channel, user.id)) throw new Error(`${user.name} is not in ${channel.name}.`);
  const { app, team } = workspace.settings;
  const target = {
    kind: "commands" as const,
    channel: channel.id,
    userId: user.id,
    originTs: undefined,
  };
  const payload = {
    token: "simulated-verification-token",
    team_id: team.id,
    team_domain: team.domain,
    channel_id: channel.id,
    channel_name: wireChannelName(channel),
    user_id: user.id,
    user_name: user.name,
    command,
    text: text.trim(),
    api_app_id: app.id,
    is_enterprise_install: "false",
    response_url: `${workspace.baseUrl}${workspace.responseUrls.issue(target, team.id)}`,
    trigger_id: workspace.triggers.issue(user.id, undefined),
  };
  const bare = await courier.deliver("slash_commands", payload, options);
  const reason = bare.outcome === "timeout" ? "operation_timeout" : "dispatch_failed";
  return conclude(desk, bare, `${command} failed with the error "${reason}"`, (body) =>
    applyResponse(workspace, target, body),
  );
}
