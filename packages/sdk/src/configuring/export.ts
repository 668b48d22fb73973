import { defineAction, type ReadAction } from "../actions/define.ts";
import { type NoInput, noInput } from "../actions/inputs.ts";
import { onOrg } from "../actions/scopes.ts";
import { findSection, SECTIONS, type Section } from "../settings/sections.ts";

/** What is stored of the configuration: each section as `config.update` takes it. */
export type ExportedConfig = Readonly<Partial<Record<Section, unknown>>>;

/** `config.export` */
export const exportConfig: ReadAction<NoInput, ExportedConfig> = defineAction<
  NoInput,
  ExportedConfig
>({
  name: "config.export",
  description: "Gives away what is stored of the configuration, to be kept or taken elsewhere.",
  kind: "read",
  isRecorded: true,
  risk: 0,
  permission: "config.write",
  input: noInput,
  ...onOrg,
  audit: () => ({ targets: ["config"] }),
  run: ({ inOrg }) =>
    inOrg(async (tx) => {
      const exported: Partial<Record<Section, unknown>> = {};
      for (const section of SECTIONS) {
        const document = await findSection(tx, section);
        if (document !== undefined) exported[section] = document.value;
      }
      return exported;
    }),
});
