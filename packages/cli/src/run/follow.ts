import type { ProgressPrinter } from "@kappa4/bot/terminal";
import type { ApplyResult, ApplyRun, MoveStatus } from "@kappa4/sdk";
import type { CommandIo } from "../io.ts";
import { say } from "../say.ts";

/**
 * Prints a run until it ends. The first Ctrl-C starts nothing more and waits for the moves under way; the second
 * stops waiting: the guests under way are named and undefined is returned.
 */
export async function follow(
  run: ApplyRun,
  printer: ProgressPrinter,
  io: CommandIo,
): Promise<ApplyResult | undefined> {
  const states = new Map<number, MoveStatus>();
  let giveUp = (): void => {};
  const gaveUp = new Promise<undefined>((resolve) => {
    giveUp = () => resolve(undefined);
  });
  let interrupts = 0;
  const ignore = io.onInterrupt(() => {
    interrupts += 1;
    if (interrupts > 1) return giveUp();
    run.cancel();
    printer.close();
    io.stderr.write(
      "\nStopping: nothing more is started, and the moves under way are followed to their end. Ctrl-C again stops waiting.\n",
    );
  });
  try {
    const result = await Promise.race([gaveUp, print()]);
    printer.close();
    if (result === undefined) say(io.stderr, underWay([...states.values()]));
    return result;
  } finally {
    ignore();
  }

  async function print(): Promise<ApplyResult> {
    for await (const event of run) {
      if (event.type === "started") {
        for (const [index, status] of event.moves.entries()) states.set(index, status);
      }
      if (event.type === "move") states.set(event.index, event.status);
      if (interrupts < 2) printer.event(event);
    }
    return run.result;
  }
}

function underWay(moves: readonly MoveStatus[]): string {
  const running = moves.filter(({ state }) => state === "running");
  if (running.length === 0) return "\nStopped waiting; no move was under way.";
  const lines = running.map(
    ({ move }) => `  ${move.name} (${move.guest}): ${move.from} -> ${move.to}`,
  );
  return `\nStopped waiting. The cluster goes on by itself with these guests; look where they are before you plan again:\n${lines.join("\n")}`;
}
