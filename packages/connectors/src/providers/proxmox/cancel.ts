import { Kappa4Error } from "../../contract/errors.ts";
import { type CallInfo, path } from "./api.ts";
import type { ProxmoxContext } from "./context.ts";
import { type Upid, watchTask } from "./tasks.ts";

/** Asks a node to stop a task; a task that has ended is `too_late`. Asking twice does no harm. */
export async function cancelTask(
  context: ProxmoxContext,
  upid: Upid,
  info: CallInfo,
): Promise<"requested" | "too_late"> {
  const watch = watchTask(context, upid, info, false);
  if ((await watch.look(info.signal)).kind === "ended") return "too_late";
  try {
    await context.api.write("DELETE", path`/nodes/${upid.node}/tasks/${upid.text}`, info);
  } catch (error) {
    if (!Kappa4Error.is(error) || error.outcome !== "unknown") throw error;
    // The answer was lost. Whether it stops shows in the task; that it was asked to is all that is promised.
  }
  return "requested";
}
