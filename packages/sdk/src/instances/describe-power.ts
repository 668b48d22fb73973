import type { Work, WorkDescription } from "../actions/define.ts";
import type { PowerChange } from "./power.ts";

/** Says what a change of power would do, to which instance and how. */
export function describePower(
  { verb, guest, name, mode }: PowerChange,
  { connection }: Pick<Work<PowerChange>, "connection">,
): WorkDescription {
  const how = mode === null ? undefined : HOW[mode];
  return {
    sentence: `${VERBS[verb]} ${name} (${guest}) on ${connection}${how === undefined ? "" : `: ${how}`}.`,
    facts: [
      { name: "Instance", value: `${name} (${guest})` },
      { name: "Connection", value: connection },
      { name: "Does", value: verb },
      ...(mode === null ? [] : [{ name: "Mode", value: `${mode}: ${HOW[mode]}` }]),
    ],
  };
}

const VERBS: Readonly<Record<PowerChange["verb"], string>> = {
  start: "Starts",
  stop: "Stops",
  restart: "Restarts",
};

const HOW: Readonly<Record<NonNullable<PowerChange["mode"]>, string>> = {
  graceful: "asks it to shut down",
  force: "pulls the plug by force",
};
