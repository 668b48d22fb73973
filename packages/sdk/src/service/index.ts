import { restart } from "./restart.ts";
import { start } from "./start.ts";
import { status } from "./status.ts";
import { stop } from "./stop.ts";

export type { ServiceReasonInput } from "./inputs.ts";
export type { ServiceRestart } from "./restart.ts";
export type { FreezeView, ServiceStatus } from "./status.ts";

/** Whether Kappa4 may begin anything new. */
export interface ServiceActions {
  /** Says whether new runs may start, what is open, and what all of it runs on. */
  readonly status: typeof status;
  /** Lets no new run start, at once; what is under way goes on to its end, and plans are still made. Throws `conflict` when it is so already. */
  readonly stop: typeof stop;
  /** Lets runs start again, once those who have to have approved it. Throws `conflict` when nothing is stopped. */
  readonly start: typeof start;
  /** Reads the configuration file again and takes what may change at once; names what needs a new process. Throws `config_invalid` and changes nothing, `failed_precondition` where there is no file. */
  readonly restart: typeof restart;
}

/** The actions of `kappa4.service`. */
export const service: ServiceActions = { status, stop, start, restart };
