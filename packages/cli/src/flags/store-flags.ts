import type { FlagSpec } from "../command.ts";

/** Which store. */
export const storeFlags: Readonly<Record<"path" | "database" | "owner", FlagSpec>> = {
  path: { value: "FOLDER", summary: "The embedded store. Default: .kappa4 here." },
  database: {
    value: "URL",
    summary: "A PostgreSQL instead, postgres://... Default: DATABASE_URL, without --path.",
  },
  owner: {
    value: "URL",
    summary: "The same database as the login that owns it. Default: DATABASE_OWNER_URL.",
  },
};
