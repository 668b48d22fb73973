import { type CommandSpec, defineCommand } from "../command.ts";
import { connectionFlags, outputFlags } from "../flags/common-flags.ts";

/** Checks the connections. */
export const doctor: CommandSpec = defineCommand({
  name: "doctor",
  summary: "Check that each connection answers and may do what balancing needs.",
  flags: { ...connectionFlags, ...outputFlags },
  examples: ["doctor", "doctor --connection gold"],
  notes: ["Ends with 0 when all is well, else with 1."],
  load: async () => (await import("../run/doctor.ts")).runDoctor,
});
