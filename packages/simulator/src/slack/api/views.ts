import { type Fields, textAt } from "../json.ts";
import { Refusal } from "../refusal.ts";
import { decode } from "../state/content.ts";
import type { SlackView } from "../state/views.ts";
import type { Workspace } from "../state/workspace.ts";
import type { ApiMethod } from "./method.ts";

/** The methods that show modals and the Home tab. */
export const viewMethods: Readonly<Record<string, ApiMethod>> = {
  "views.open": { perMinute: 100, run: open },
  "views.push": { perMinute: 100, run: push },
  "views.update": { perMinute: 100, run: update },
  "views.publish": { perMinute: 100, run: publish },
};

function open(workspace: Workspace, args: Fields): Fields {
  const trigger = workspace.triggers.exchange(readTrigger(args));
  return answer(workspace, workspace.views.open(trigger.userId, decode(args.view)));
}

function push(workspace: Workspace, args: Fields): Fields {
  const trigger = workspace.triggers.exchange(readTrigger(args));
  if (trigger.viewId === undefined) throw new Refusal("not_found");
  return answer(workspace, workspace.views.push(trigger.userId, decode(args.view)));
}

function update(workspace: Workspace, args: Fields): Fields {
  const target = { id: textAt(args, "view_id"), externalId: textAt(args, "external_id") };
  const view = workspace.views.update(target, decode(args.view), textAt(args, "hash"));
  return answer(workspace, view);
}

function publish(workspace: Workspace, args: Fields): Fields {
  const user = workspace.directory.findUser(textAt(args, "user_id") ?? "");
  if (user === undefined) {
    throw new Refusal("invalid_arguments", {
      response_metadata: { messages: ["invalid `user_id`"] },
    });
  }
  const view = workspace.views.publish(user.id, decode(args.view), textAt(args, "hash"));
  return answer(workspace, view);
}

function readTrigger(args: Fields): string {
  const id = textAt(args, "trigger_id");
  if (id === undefined || id === "") throw new Refusal("invalid_arguments");
  return id;
}

function answer(workspace: Workspace, view: SlackView): Fields {
  return { view: workspace.views.render(view) };
}
