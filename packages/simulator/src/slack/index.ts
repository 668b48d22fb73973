export type { SlackBlockFault, SlackSurface } from "./blocks/checker.ts";
export { validateSlackBlocks } from "./blocks/validate.ts";
export { validateSlackView } from "./blocks/view.ts";
export { slackLimits } from "./limits.ts";
