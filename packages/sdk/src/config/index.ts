export { approvalsSchema } from "./approvals-schema.ts";
export { balancingSchema, placementRule } from "./balancing-schema.ts";
export { byteSize } from "./byte-size.ts";
export type { FindConfigOptions } from "./find.ts";
export {
  type ConfigParts,
  type KnownConnectors,
  type ParseConfigOptions,
  parseConfig,
} from "./parse.ts";
export {
  type ReadConfigOptions,
  type ReadStoreOptions,
  readBalancing,
  readConfig,
  readStore,
} from "./read.ts";
export { applySchema } from "./schema.ts";
export { storeSettings } from "./store-settings.ts";
export type {
  ApplySettings,
  AuditSettings,
  ConnectionConfig,
  Kappa4Config,
  Kappa4ConfigInput,
  PersonConfig,
  StoreSettings,
} from "./types.ts";
