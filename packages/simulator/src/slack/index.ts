export type { SlackCall } from "./api/log.ts";
export type { SlackBlockFault, SlackSurface } from "./blocks/checker.ts";
export { validateSlackBlocks } from "./blocks/validate.ts";
export { validateSlackView } from "./blocks/view.ts";
export type { SlackAck, SlackDelivery, SlackDeliveryOptions } from "./delivery/envelope.ts";
export { slackLimits } from "./limits.ts";
export type {
  SlackApp,
  SlackChannel,
  SlackOptions,
  SlackTeam,
  SlackUser,
} from "./options.ts";
export type { SlackClickOptions } from "./people/click.ts";
export type { SlackSubmission } from "./people/forms.ts";
export type { SlackSimulator, SlackSockets, SlackWaitOptions } from "./simulator.ts";
export { startSlack } from "./start.ts";
export type { SlackFault } from "./state/faults.ts";
export type { SlackMessage, SlackMessageVersion } from "./state/messages.ts";
export type { SlackUpload } from "./state/uploads.ts";
export type { SlackView } from "./state/views.ts";
