import { get } from "./get.ts";
import { set } from "./set.ts";

export type { Preferences } from "./preferences.ts";

/** How the caller wants to be spoken to; nobody sees or changes anybody else's. */
export interface PreferencesActions {
  /** Shows how the caller wants to be spoken to. */
  readonly get: typeof get;
  /** Changes how the caller wants to be spoken to; what is left out stays. */
  readonly set: typeof set;
}

/** The actions of `kappa4.preferences`. */
export const preferences: PreferencesActions = { get, set };
