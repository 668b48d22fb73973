import type { RunView } from "../actions/answers.ts";
import { defineAction, type ReadAction } from "../actions/define.ts";
import { type NoInput, noInput } from "../actions/inputs.ts";
import { onOrg } from "../actions/scopes.ts";
import { freezeOf } from "../approving/freeze.ts";
import { runView } from "../runs/views.ts";
import { version } from "../version.ts";

/** That no new run may start. */
export interface FreezeView {
  /** The id of a person, or the name of another actor. */
  readonly by: string;
  readonly reason: string;
  readonly since: Date;
}

/** How Kappa4 stands. */
export interface ServiceStatus {
  /** Undefined while new runs may start. */
  readonly frozen: FreezeView | undefined;
  /** Runs that are not over, the newest first; at most 500. */
  readonly openRuns: readonly Pick<RunView, "id" | "shortId" | "action" | "cluster" | "state">[];
  /** How many approvals wait for somebody's yes; at most 500. */
  readonly openApprovals: number;
  readonly store: "embedded" | "postgres";
  /** Of Kappa4, and of Node.js that it runs on. */
  readonly versions: { readonly kappa4: string; readonly node: string };
  /** Since when this process has it open. */
  readonly startedAt: Date;
}

const MOST = 500;

/** `service.status` */
export const status: ReadAction<NoInput, ServiceStatus> = defineAction<NoInput, ServiceStatus>({
  name: "service.status",
  description: "Says whether new runs may start, what is open, and what all of it runs on.",
  kind: "read",
  risk: 0,
  permission: "overview.read",
  input: noInput,
  ...onOrg,
  audit: () => ({ targets: ["service"] }),
  run: ({ inOrg, self }) =>
    inOrg(async (tx) => {
      const open = await tx.runs.list({ states: ["queued", "running"], limit: MOST });
      const waiting = await tx.approvals.list({ states: ["pending"], limit: MOST });
      return {
        frozen: await freezeOf(tx),
        openRuns: open.map((run) => {
          const { id, shortId, action, cluster, state } = runView(run);
          return { id, shortId, action, cluster, state };
        }),
        openApprovals: waiting.length,
        store: tx.engine,
        versions: { kappa4: version, node: process.versions.node },
        startedAt: self.startedAt,
      };
    }),
});
