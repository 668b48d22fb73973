export { historySchema, readHistory } from "./read-history.ts";
export { readPlan } from "./read-plan.ts";
export { readSnapshot } from "./read-snapshot.ts";
