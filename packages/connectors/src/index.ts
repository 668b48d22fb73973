export { CONNECTOR_KINDS, loadConnector } from "./catalog.ts";
export type {
  CallOptions,
  Capability,
  ChangeResult,
  ClusterCapability,
  ClusterState,
  ComputeCapability,
  CreateInstanceInput,
  DescribeGuestsOptions,
  GuestDetail,
  GuestSnapshot,
  MigrateGuestOptions,
  MigrateResult,
  MissingAccess,
  SnapshotOptions,
  SnapshotsCapability,
  StopOptions,
} from "./contract/capabilities.ts";
export type {
  Clock,
  ConnectContext,
  Connector,
  ConnectorDefinition,
  Logger,
} from "./contract/connector.ts";
export { defineConnector } from "./contract/connector.ts";
export type {
  ErrorCode,
  ErrorContext,
  Issue,
  Kappa4ErrorOptions,
  Outcome,
} from "./contract/errors.ts";
export {
  ConfigInvalidError,
  ERROR_CODES,
  Kappa4Error,
  OperationFailedError,
  ProtocolError,
  RateLimitedError,
} from "./contract/errors.ts";
export type {
  Operation,
  OperationState,
  OperationStatus,
  WaitOptions,
} from "./contract/operation.ts";
export type { Hide } from "./contract/secrets.ts";
export { hiding, isSecretKey, REDACTED, redactText } from "./contract/secrets.ts";
export type {
  ApartRule,
  BalancingLimits,
  BalancingMethod,
  BalancingMode,
  ClusterSnapshot,
  Guest,
  GuestId,
  GuestVolume,
  HaRule,
  IgnoreRule,
  NodeStorage,
  PinRule,
  PlacementRule,
  PoolRule,
  Pressure,
  SnapshotMeta,
  SnapshotNode,
  SnapshotPolicy,
  TogetherRule,
  Usage,
} from "./contract/snapshot.ts";
