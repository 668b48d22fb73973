import type { Kappa4Config } from "../config/index.ts";
import type { LogRecords } from "../logs/ring.ts";
import type { Reloaded } from "../reload.ts";

/** This process, as actions see it. */
export interface Self {
  readonly startedAt: Date;
  /** The configuration that holds, secrets and all: nothing of it is given away unmasked. */
  readonly config: Kappa4Config;
  /** Reads the configuration again; undefined where it came from no file. What is new holds once `take` is called. */
  readonly reload?: (() => Promise<Reloaded & { take(): void }>) | undefined;
  /** The last of what it has logged. */
  readonly logs: LogRecords;
}
