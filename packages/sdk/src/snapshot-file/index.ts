export { historySchema, readHistory } from "./read-history.ts";
export { checkPlan, readPlan } from "./read-plan.ts";
export { readSnapshot } from "./read-snapshot.ts";
