import { restart } from "./restart.ts";
import { start } from "./start.ts";
import { stop } from "./stop.ts";

export type { InstanceInput } from "./inputs.ts";
export type { StopInstanceInput } from "./stop.ts";

/** The power of instances. Each change is made once, also when the process ends in the middle of it. */
export interface InstancesActions {
  /** Starts an instance, once it is approved. Throws `not_found`, `unsupported`, `conflict`. */
  readonly start: typeof start;
  /** Stops an instance, once it is approved; asks it first, unless told to pull the plug. Throws `not_found`, `unsupported`, `conflict`. */
  readonly stop: typeof stop;
  /** Restarts a running instance, once it is approved. Throws `not_found`, `unsupported`, `conflict`. */
  readonly restart: typeof restart;
}

/** The actions of `kappa4.instances`. */
export const instances: InstancesActions = { start, stop, restart };
