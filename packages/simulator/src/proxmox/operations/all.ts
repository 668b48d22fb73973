import type { Operation } from "../api/operation.ts";
import { accessOperations } from "./access.ts";
import { migrateOperations } from "./migrate.ts";
import { overviewOperations } from "./overview.ts";
import { taskOperations } from "./tasks.ts";

/** Every operation that is simulated, of all versions. */
export const allOperations: readonly Operation[] = [
  ...accessOperations,
  ...migrateOperations,
  ...overviewOperations,
  ...taskOperations,
];
