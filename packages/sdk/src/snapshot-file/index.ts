export { readPlan } from "./read-plan.ts";
export { readSnapshot } from "./read-snapshot.ts";
