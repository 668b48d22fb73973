import { type CommandSpec, defineCommand } from "../command.ts";

/** Translates the configuration of ProxLB. */
export const importProxlb: CommandSpec = defineCommand({
  name: "import",
  summary: "Translate a ProxLB configuration (proxlb.yaml, or the INI file up to 1.0.6).",
  positional: {
    name: "FILE",
    summary: "the path of a ProxLB configuration; - reads stdin",
    required: true,
  },
  flags: {
    out: {
      value: "FILE",
      summary: "Write there instead of to stdout; an existing file is not replaced.",
    },
    name: { value: "NAME", summary: "Name of the connection. Default: proxmox." },
    "with-secrets": { summary: "Copy passwords and tokens; without it they become variables." },
  },
  examples: [
    "import proxlb.yaml > kappa4.yaml",
    "import /etc/proxlb/proxlb.yaml --out kappa4.yaml",
  ],
  load: async () => (await import("../run/import.ts")).runImport,
});
