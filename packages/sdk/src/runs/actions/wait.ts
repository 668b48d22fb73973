import { Kappa4Error } from "@kappa4/connectors";
import { z } from "zod";
import type { RunView } from "../../actions/answers.ts";
import { defineAction, type ReadAction } from "../../actions/define.ts";
import { getRun } from "../get-run.ts";
import { watchRun } from "../watch.ts";
import { type RunInput, runField } from "./inputs.ts";

/** `runs.wait` */
export const wait: ReadAction<RunInput, RunView> = defineAction<RunInput, RunView>({
  name: "runs.wait",
  description: "Waits until a run is over, and shows how it ended.",
  kind: "read",
  risk: 0,
  permission: "runs.read",
  input: z.strictObject({ run: runField }),
  scope: ({ run }) => ({ kind: "run", name: run }),
  audit: ({ run }) => ({ targets: [`run:${run}`] }),
  async run(context, { run }) {
    const { id } = await context.inOrg((tx) => getRun(tx, run));
    for await (const view of watchRun(context, id, context.signal)) {
      if (view.endedAt !== undefined) return view;
    }
    throw new Kappa4Error("internal", "A run was followed to its end, and has none.");
  },
});
