import { onPostgres } from "./on-postgres.ts";

// The newest that can be had: what everybody's tests hold on the oldest, without the long suites.
onPostgres("18", "");
