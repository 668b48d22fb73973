import type { WebClient } from "@slack/web-api";
import type { Form } from "../../core/request.ts";
import type { SlackBlock } from "./block.ts";
import { slackError } from "./errors.ts";
import { LIMITS } from "./limits.ts";
import { plainText } from "./render-actions.ts";

/** Where a form is opened, and what it keeps. */
export interface FormTarget {
  readonly client: WebClient;
  /** What Slack gave with the press; holds for three seconds. */
  readonly trigger: string;
  readonly behind: string;
}

/** Opens a form with one question. */
export async function openForm({ client, trigger, behind }: FormTarget, form: Form): Promise<void> {
  try {
    await client.apiCall("views.open", { trigger_id: trigger, view: formView(form, behind) });
  } catch (error) {
    throw slackError(error, "views.open");
  }
}

/** Draws a form as a modal. */
function formView({ title, name, label, accept }: Form, behind: string): SlackBlock {
  const limits = LIMITS.modal;
  return {
    type: "modal",
    callback_id: "kappa4-form",
    private_metadata: behind,
    title: plainText(title, limits.title),
    submit: plainText(accept, limits.title),
    close: plainText("Not now", limits.title),
    blocks: [
      {
        type: "input",
        block_id: name,
        label: plainText(label, limits.label),
        element: {
          type: "plain_text_input",
          action_id: name,
          multiline: true,
          min_length: 3,
          max_length: 500,
        },
      },
    ],
  };
}
