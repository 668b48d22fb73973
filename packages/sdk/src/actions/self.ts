import type { Kappa4Config } from "../config/index.ts";
import type { LogRecords } from "../logs/ring.ts";

/** This process, as actions see it. */
export interface Self {
  readonly startedAt: Date;
  /** The configuration that it was started with, secrets and all: nothing of it is given away unmasked. */
  readonly config: Kappa4Config;
  /** The last of what it has logged. */
  readonly logs: LogRecords;
}
