export type { Unreached } from "./proxmox/errors.ts";
export { parseFault } from "./proxmox/fault-text.ts";
export type {
  ActiveFault,
  Fault,
  Phase,
  RequestMatch,
  WireFault,
  WorkFault,
} from "./proxmox/faults.ts";
export { type GenerateClusterOptions, generateCluster } from "./proxmox/generate-cluster.ts";
export type {
  AclGrant,
  EntryNodeOptions,
  ProxmoxSimulatorOptions,
  TokenOptions,
  UserOptions,
} from "./proxmox/options.ts";
export type { EntryPoint, FaultSwitch, ProxmoxSimulator } from "./proxmox/simulator.ts";
export { startProxmox } from "./proxmox/start.ts";
export {
  type SlackAck,
  type SlackApp,
  type SlackBlockFault,
  type SlackCall,
  type SlackChannel,
  type SlackClickOptions,
  type SlackDelivery,
  type SlackDeliveryOptions,
  type SlackFault,
  type SlackMessage,
  type SlackMessageVersion,
  type SlackOptions,
  type SlackSimulator,
  type SlackSockets,
  type SlackSubmission,
  type SlackSurface,
  type SlackTeam,
  type SlackUpload,
  type SlackUser,
  type SlackView,
  type SlackWaitOptions,
  slackLimits,
  startSlack,
  validateSlackBlocks,
  validateSlackView,
} from "./slack/index.ts";
