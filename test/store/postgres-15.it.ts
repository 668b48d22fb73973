import { onPostgres } from "./on-postgres.ts";

// The oldest version that is supported: everything.
onPostgres("15", "required");
