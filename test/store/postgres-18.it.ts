import { onPostgres } from "./on-postgres.ts";

// The newest that can be had: everything but the long suites.
onPostgres("18", "");
