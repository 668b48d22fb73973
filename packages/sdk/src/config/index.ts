export { approvalsSchema } from "./approvals-schema.ts";
export { balancingSchema, placementRule } from "./balancing-schema.ts";
export { byteSize } from "./byte-size.ts";
export { configInvalid } from "./config-invalid.ts";
export { defineConfig } from "./define-config.ts";
export { CONFIG_FILES, type FindConfigOptions, findConfig } from "./find.ts";
export {
  type ConfigParts,
  type KnownConnectors,
  type ParseConfigOptions,
  parseConfig,
} from "./parse.ts";
export { type ReadConfigOptions, readConfig } from "./read.ts";
export { applySchema } from "./schema.ts";
export { parseByteSize } from "./sizes.ts";
export { storeSettings } from "./store-settings.ts";
export type {
  ApplySettings,
  ConnectionConfig,
  Kappa4Config,
  Kappa4ConfigInput,
  PersonConfig,
  StoreSettings,
} from "./types.ts";
