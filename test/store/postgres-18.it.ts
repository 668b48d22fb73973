import { onPostgres } from "./on-postgres.ts";

// The newest that can be had.
onPostgres("18");
