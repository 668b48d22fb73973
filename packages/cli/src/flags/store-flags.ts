import type { FlagSpec } from "../command.ts";
import { connectionFlags } from "./common-flags.ts";

/** Which store. */
export const storeFlags: Readonly<Record<"config" | "path" | "database" | "owner", FlagSpec>> = {
  config: connectionFlags.config,
  path: {
    value: "FOLDER",
    summary:
      "This embedded store. Default: as the configuration says, else KAPPA4_STORE, else .kappa4 beside it.",
  },
  database: {
    value: "URL",
    summary:
      "This PostgreSQL, postgres://... Default: as the configuration says, else DATABASE_URL.",
  },
  owner: {
    value: "URL",
    summary: "The same database as the login that owns it. Default: DATABASE_OWNER_URL.",
  },
};
