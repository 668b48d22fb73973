import { defineAction, type ReadAction } from "../actions/define.ts";
import { type NoInput, noInput } from "../actions/inputs.ts";
import { onOrg } from "../actions/scopes.ts";
import type { ApprovalPolicy } from "../approvals/index.ts";
import { policyOf } from "../approving/policy.ts";
import { redact } from "../audit/index.ts";
import type { RebalanceOptions } from "../balancing/index.ts";
import type { ApplySettings } from "../config/index.ts";
import { findSection, SECTIONS, type Section } from "../settings/sections.ts";
import type { StoredDocument } from "../store/index.ts";

/** What is stored of a section. */
export type StoredSection = Omit<StoredDocument, "scope" | "key">;

/** The configuration, as it holds. */
export interface ConfigView {
  /** What Kappa4 was started with; secrets are masked. */
  readonly file: Readonly<Record<string, unknown>>;
  /** What was changed since with `config.update`; it wins over the file. */
  readonly stored: Readonly<Partial<Record<Section, StoredSection>>>;
  /** What holds, of both; a connection's own `balancing` in the file wins over this for its cluster. */
  readonly effective: {
    readonly balancing: RebalanceOptions;
    readonly apply: ApplySettings;
    readonly approvals: ApprovalPolicy;
  };
}

/** `config.get` */
export const get: ReadAction<NoInput, ConfigView> = defineAction<NoInput, ConfigView>({
  name: "config.get",
  description: "Shows the configuration as it holds, secrets masked.",
  kind: "read",
  risk: 0,
  permission: "config.read",
  input: noInput,
  ...onOrg,
  audit: () => ({ targets: ["config"] }),
  run: ({ inOrg, self }) =>
    inOrg(async (tx) => {
      const stored: Partial<Record<Section, StoredSection>> = {};
      for (const section of SECTIONS) {
        const document = await findSection(tx, section);
        if (document === undefined) continue;
        const { revision, value, note, by, at } = document;
        stored[section] = { revision, value, note, by, at };
      }
      const { balancing, apply } = self.config;
      return {
        file: Object(redact(self.config)),
        stored,
        effective: {
          balancing: { ...balancing, ...Object(stored.balancing?.value) },
          apply: { ...apply, ...Object(stored.apply?.value) },
          approvals: await policyOf(tx),
        },
      };
    }),
});
