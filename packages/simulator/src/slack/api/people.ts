import { type Fields, textAt } from "../json.ts";
import { Refusal } from "../refusal.ts";
import { wireUser } from "../state/wire.ts";
import type { Workspace } from "../state/workspace.ts";
import type { ApiMethod } from "./method.ts";

/** The methods about the app itself and about people. */
export const peopleMethods: Readonly<Record<string, ApiMethod>> = {
  "api.test": { token: "none", run: (_workspace, args) => ({ args }) },
  "auth.test": { token: "any", run: authTest },
  "users.info": { scope: "users:read", perMinute: 100, run: usersInfo },
  "users.lookupByEmail": { scope: "users:read.email", perMinute: 50, run: lookupByEmail },
  "conversations.open": { scope: "im:write", perMinute: 50, run: conversationsOpen },
};

function authTest(workspace: Workspace): Fields {
  const { app, team } = workspace.settings;
  return {
    url: `https://${team.domain}.slack.com/`,
    team: team.name,
    user: app.botName,
    team_id: team.id,
    user_id: app.botUserId,
    bot_id: app.botId,
    is_enterprise_install: false,
  };
}

function usersInfo(workspace: Workspace, args: Fields): Fields {
  const user = workspace.directory.findUser(textAt(args, "user") ?? "");
  if (user === undefined) throw new Refusal("user_not_found");
  const locale = args.include_locale === "true" || args.include_locale === true;
  const email = workspace.settings.scopes.includes("users:read.email");
  return { user: wireUser(user, workspace.settings, { locale, email }) };
}

function lookupByEmail(workspace: Workspace, args: Fields): Fields {
  const email = textAt(args, "email")?.toLowerCase();
  const user = workspace.directory.users.find(
    (one) => one.email !== undefined && one.email.toLowerCase() === email,
  );
  if (user === undefined || user.isDeleted === true) throw new Refusal("users_not_found");
  return { user: wireUser(user, workspace.settings, { locale: false, email: true }) };
}

function conversationsOpen(workspace: Workspace, args: Fields): Fields {
  const { directory, settings } = workspace;
  const channel = textAt(args, "channel");
  if (channel !== undefined) {
    const known = directory.find(channel);
    if (known?.kind !== "direct") throw new Refusal("channel_not_found");
    return { no_op: true, already_open: true, channel: { id: known.id } };
  }
  const users = (textAt(args, "users") ?? "").split(",").filter((id) => id !== "");
  const [userId] = users;
  if (userId === undefined) throw new Refusal("users_list_not_supplied");
  if (users.length > 1) {
    throw new Refusal("missing_scope", {
      needed: "mpim:write",
      provided: settings.scopes.join(","),
    });
  }
  const user = directory.findUser(userId);
  if (user === undefined) throw new Refusal("user_not_found");
  if (user.isDeleted === true) throw new Refusal("user_disabled");
  return { channel: { id: directory.direct(user.id).id } };
}
