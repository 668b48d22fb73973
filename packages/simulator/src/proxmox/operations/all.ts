import type { Operation } from "../api/operation.ts";
import { accessOperations } from "./access.ts";
import { agentOperations } from "./agent.ts";
import { configWriteOperations } from "./config-writes.ts";
import { datacenterOperations } from "./datacenter.ts";
import { guestReadOperations } from "./guest-reads.ts";
import { haGroupOperations } from "./ha-groups.ts";
import { haResourceOperations } from "./ha-resources.ts";
import { haRuleOperations } from "./ha-rules.ts";
import { haStatusOperations } from "./ha-status.ts";
import { lifecycleOperations } from "./lifecycle.ts";
import { migrateOperations } from "./migrate.ts";
import { nodeOperations } from "./nodes.ts";
import { overviewOperations } from "./overview.ts";
import { poolOperations } from "./pools.ts";
import { powerOperations } from "./power.ts";
import { preconditionOperations } from "./preconditions.ts";
import { rrdOperations } from "./rrd.ts";
import { snapshotOperations } from "./snapshots.ts";
import { taskOperations } from "./tasks.ts";
import { userOperations } from "./users.ts";

/** Every operation that is simulated, of all versions. */
export const allOperations: readonly Operation[] = [
  ...accessOperations,
  ...agentOperations,
  ...configWriteOperations,
  ...datacenterOperations,
  ...guestReadOperations,
  ...haGroupOperations,
  ...haResourceOperations,
  ...haRuleOperations,
  ...haStatusOperations,
  ...lifecycleOperations,
  ...migrateOperations,
  ...nodeOperations,
  ...overviewOperations,
  ...poolOperations,
  ...powerOperations,
  ...preconditionOperations,
  ...rrdOperations,
  ...snapshotOperations,
  ...taskOperations,
  ...userOperations,
];
