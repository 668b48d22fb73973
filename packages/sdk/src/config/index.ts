export { defineConfig } from "./define-config.ts";
export { applySettingsOf, balancingOf } from "./settings.ts";
export type { ApplySettings, ConnectionConfig, Kappa4Config } from "./types.ts";
