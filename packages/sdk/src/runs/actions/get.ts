import { z } from "zod";
import type { RunView } from "../../actions/answers.ts";
import { defineAction, type ReadAction } from "../../actions/define.ts";
import { getRun } from "../get-run.ts";
import { runView } from "../views.ts";
import { type RunInput, runField } from "./inputs.ts";

/** `runs.get` */
export const get: ReadAction<RunInput, RunView> = defineAction<RunInput, RunView>({
  name: "runs.get",
  description: "Shows how a run stands.",
  kind: "read",
  risk: 0,
  permission: "runs.read",
  input: z.strictObject({ run: runField }),
  scope: ({ run }) => ({ kind: "run", name: run }),
  audit: ({ run }) => ({ targets: [`run:${run}`] }),
  run: async ({ inOrg }, { run }) => runView(await inOrg((tx) => getRun(tx, run))),
});
