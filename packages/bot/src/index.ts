export type {
  CommandContext,
  Follow,
  PersonKappa4,
  Reply,
  Who,
} from "./commands/context.ts";
export type { Command, Verb, VerbDefinition, VerbKind } from "./commands/define.ts";
export { defineCommand, defineVerb } from "./commands/define.ts";
export { errorView } from "./commands/error-view.ts";
export type { BestNodeViewOptions } from "./commands/rebalance/best-node-view.ts";
export { bestNodeView } from "./commands/rebalance/best-node-view.ts";
export type { ExplainViewOptions } from "./commands/rebalance/explain-view.ts";
export { explainView } from "./commands/rebalance/explain-view.ts";
export type { FailoverViewOptions } from "./commands/rebalance/failover-view.ts";
export { failoverView } from "./commands/rebalance/failover-view.ts";
export type { GuestViewOptions } from "./commands/rebalance/guest-view.ts";
export { guestView } from "./commands/rebalance/guest-view.ts";
export type { PlanViewOptions } from "./commands/rebalance/plan-view.ts";
export { planView } from "./commands/rebalance/plan-view.ts";
export type {
  ApplyProgress,
  ApplyProgressViewOptions,
} from "./commands/rebalance/progress-view.ts";
export { applyProgressView } from "./commands/rebalance/progress-view.ts";
export { reachSentences } from "./commands/rebalance/reach-blocks.ts";
export type { ApplyResultViewOptions } from "./commands/rebalance/result-view.ts";
export { applyResultView } from "./commands/rebalance/result-view.ts";
export type { RulesViewOptions } from "./commands/rebalance/rules-view.ts";
export { rulesView } from "./commands/rebalance/rules-view.ts";
export { pastRunsView, standingView } from "./commands/rebalance/standing-view.ts";
export type { WhatIfViewOptions } from "./commands/rebalance/what-if-view.ts";
export { whatIfView } from "./commands/rebalance/what-if-view.ts";
export type { Bot, StartBotOptions } from "./main.ts";
export { startBot } from "./main.ts";
export type {
  SlackHttpOptions,
  SlackOptions,
  SlackOptionsInput,
  SlackSocketOptions,
} from "./options.ts";
export { slackOptions } from "./options.ts";
export type { SlackManifest, SlackManifestOptions } from "./platforms/slack/manifest.ts";
export { slackManifest } from "./platforms/slack/manifest.ts";
export type {
  Action,
  ActionsBlock,
  BarChartBlock,
  Block,
  CodeBlock,
  Column,
  Confirm,
  FactsBlock,
  Inline,
  Lossy,
  NoteBlock,
  PersonInline,
  RichText,
  TableBlock,
  Task,
  TaskState,
  TasksBlock,
  TextBlock,
  TimeInline,
  TitleBlock,
  Tone,
  View,
  ViewFile,
} from "./view/model.ts";
export { viewText } from "./view/text.ts";
