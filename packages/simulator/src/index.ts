export {
  type SlackBlockFault,
  type SlackSurface,
  slackLimits,
  validateSlackBlocks,
  validateSlackView,
} from "./slack/index.ts";
