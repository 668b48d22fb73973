import { z } from "zod";
import { figure, optionalText } from "./fields.ts";

/** Where a task stands. */
export interface TaskStatusPayload {
  readonly status: string;
  readonly exitstatus?: string | undefined;
}

/** Reads a task's `/status`. */
export const taskStatusPayload: z.ZodType<TaskStatusPayload> = z.object({
  status: z.string(),
  exitstatus: optionalText,
});

/** Reads a node's list of tasks, of which only the ids are read. */
export const taskListPayload: z.ZodType<readonly { readonly upid: string }[]> = z.array(
  z.object({ upid: z.string() }),
);

/** Reads a page of a task's log: numbered lines. */
export const taskLogPayload: z.ZodType<readonly { readonly n: number; readonly t: string }[]> =
  z.array(z.object({ n: figure, t: z.string().catch("") }));
