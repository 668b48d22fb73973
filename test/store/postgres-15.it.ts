import { onPostgres } from "./on-postgres.ts";

// The oldest version that is supported.
onPostgres("15");
