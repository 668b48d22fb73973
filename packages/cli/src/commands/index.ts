import type { CommandSpec } from "../command.ts";
import { actions } from "./actions.ts";
import { auditExport } from "./audit-export.ts";
import { auditVerify } from "./audit-verify.ts";
import { call } from "./call.ts";
import { doctor } from "./doctor.ts";
import { eventsList } from "./events-list.ts";
import { importProxlb } from "./import.ts";
import { apply } from "./rebalance-apply.ts";
import { bestNode } from "./rebalance-best-node.ts";
import { dryRun } from "./rebalance-dry-run.ts";
import { explain } from "./rebalance-explain.ts";
import { history } from "./rebalance-history.ts";
import { status } from "./rebalance-status.ts";
import { rulesCheck } from "./rules-check.ts";
import { slackManifest } from "./slack-manifest.ts";
import { snapshot } from "./snapshot.ts";
import { start } from "./start.ts";
import { storeCommands } from "./store.ts";
import { whatIfCommands } from "./whatif.ts";

/** Every command, in the order of the help. */
export const commands: readonly CommandSpec[] = [
  dryRun,
  apply,
  bestNode,
  explain,
  status,
  history,
  ...whatIfCommands,
  rulesCheck,
  snapshot,
  doctor,
  auditExport,
  auditVerify,
  eventsList,
  actions,
  call,
  ...storeCommands,
  importProxlb,
  slackManifest,
  start,
];
