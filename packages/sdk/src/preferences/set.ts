import { type ChangeAction, defineAction } from "../actions/define.ts";
import { onAnyPart } from "../actions/scopes.ts";
import {
  type Preferences,
  preferencesOf,
  preferencesSchema,
  setPreferences,
} from "./preferences.ts";

/** `preferences.set` */
export const set: ChangeAction<Preferences, Preferences> = defineAction<Preferences, Preferences>({
  name: "preferences.set",
  description: "Changes how the caller wants to be spoken to; what is left out stays.",
  kind: "change",
  risk: 0,
  permission: "orgs.read",
  input: preferencesSchema,
  ...onAnyPart,
  audit: (given) => ({ targets: ["preferences"], details: { ...given } }),
  async run({ tx, clock, caller }, given) {
    const { preferences, revision: after } = await preferencesOf(tx, caller);
    const value: Preferences = JSON.parse(JSON.stringify({ ...preferences, ...given }));
    await setPreferences(tx, caller, value, { after, at: new Date(clock.now()) });
    return value;
  },
});
