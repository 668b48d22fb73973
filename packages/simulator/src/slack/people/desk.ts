import type { BareDelivery, Courier } from "../delivery/courier.ts";
import type { SlackDelivery } from "../delivery/envelope.ts";
import { type Fields, isFields } from "../json.ts";
import type { SlackUser } from "../options.ts";
import { Refusal } from "../refusal.ts";
import type { SlackMessage } from "../state/messages.ts";
import type { Workspace } from "../state/workspace.ts";
import type { Entered } from "./choices.ts";

/** What the verbs of the people in the workspace work with. */
export interface Desk {
  readonly workspace: Workspace;
  readonly courier: Courier;
  /** Keeps a finished delivery for the log. */
  readonly note: (delivery: SlackDelivery) => SlackDelivery;
  /** What each person has chosen in a message or view, by the id of message or view. */
  readonly entered: Map<string, Entered>;
  /** Timers of retries, to be stopped at the end. */
  readonly timers: Set<NodeJS.Timeout>;
}

/** The part that all payloads of interactions share. */
export function interaction(workspace: Workspace, type: string, user: SlackUser): Fields {
  const { app, team } = workspace.settings;
  const teamId = user.teamId ?? team.id;
  return {
    type,
    user: { id: user.id, username: user.name, name: user.name, team_id: teamId },
    api_app_id: app.id,
    token: "simulated-verification-token",
    team: { id: team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
  };
}

/**
 * Shows the person what came of a delivery and keeps it for the log.
 * `apply` does what the body of the acknowledgement asks for; a Refusal becomes an error on the screen.
 */
export function conclude(
  desk: Desk,
  bare: BareDelivery,
  failure: string,
  apply: (body: Fields) => SlackMessage | undefined,
): SlackDelivery {
  if (bare.outcome !== "acknowledged") {
    return desk.note({ ...bare, userSees: failure, message: undefined });
  }
  const body = bare.ack?.body;
  const fields = typeof body === "string" ? { text: body } : body;
  if (!isFields(fields) || Object.keys(fields).length === 0) {
    return desk.note({ ...bare, userSees: undefined, message: undefined });
  }
  try {
    return desk.note({ ...bare, userSees: undefined, message: apply(fields) });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return desk.note({ ...bare, userSees: error.code, message: undefined });
  }
}
