import type { Kappa4ConfigInput } from "./types.ts";

/**
 * Gives a `kappa4.config.ts` its types; the object comes back as it went in and is checked by `parseConfig`.
 *
 * @example
 * export default defineConfig({
 *   connections: {
 *     gold: {
 *       kind: "proxmox",
 *       endpoints: ["https://pve1.example:8006"],
 *       auth: { type: "token", token: process.env.PVE_TOKEN ?? "" },
 *     },
 *   },
 * });
 */
export function defineConfig(config: Kappa4ConfigInput): Kappa4ConfigInput {
  return config;
}
