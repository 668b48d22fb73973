import { z } from "zod";
import type { RunView } from "../../actions/answers.ts";
import { defineAction, type ReadAction } from "../../actions/define.ts";
import { getRun } from "../get-run.ts";
import { watchRun } from "../watch.ts";
import { type RunInput, runField } from "./inputs.ts";

/** `runs.watch` */
export const watch: ReadAction<RunInput, AsyncIterable<RunView>> = defineAction<
  RunInput,
  AsyncIterable<RunView>
>({
  name: "runs.watch",
  description: "Follows a run: as it is, each time that it changes, and how it ended.",
  kind: "read",
  risk: 0,
  permission: "runs.read",
  input: z.strictObject({ run: runField }),
  scope: ({ run }) => ({ kind: "run", name: run }),
  audit: ({ run }) => ({ targets: [`run:${run}`] }),
  async run(context, { run }) {
    const { id } = await context.inOrg((tx) => getRun(tx, run));
    return watchRun(context, id, context.signal);
  },
});
