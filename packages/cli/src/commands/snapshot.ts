import { type CommandSpec, defineCommand } from "../command.ts";
import { connectionFlags } from "../flags/common-flags.ts";

/** Writes the cluster as a file. */
export const snapshot: CommandSpec = defineCommand({
  name: "snapshot",
  summary: "Print the whole cluster as a cluster-snapshot file.",
  flags: {
    ...connectionFlags,
    quick: {
      summary:
        "Leave out what only each guest's own configuration tells: disks, networks, devices.",
    },
    json: { summary: "Makes no difference: the file is JSON." },
    psi: { summary: "Also read pressure stall information." },
  },
  examples: ["snapshot > cluster.json", "snapshot --connection gold --quick"],
  notes: ["The file holds names, sizes and loads, and no credentials."],
  load: async () => (await import("../run/snapshot.ts")).runSnapshot,
});
