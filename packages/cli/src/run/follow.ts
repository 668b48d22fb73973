import type { ProgressPrinter } from "@kappa4/bot/terminal";
import type { ApplyResult, ApplyRun, MoveStatus } from "@kappa4/sdk";
import type { CommandIo } from "../io.ts";
import { say } from "../say.ts";

/** Milliseconds without news after which a person wants to hear that nobody has fallen asleep. */
const QUIET_MS = 15_000;

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
  let heardAt = io.clock.now();
  const ended = new AbortController();
  const ignore = io.onInterrupt(() => {
    interrupts += 1;
    if (interrupts > 1) return giveUp();
    run.cancel();
    printer.stopping();
    printer.close();
    io.stderr.write(
      "\nStopping: nothing more is started, and the moves under way are followed to their end. Ctrl-C again stops waiting.\n",
    );
  });
  try {
    void tellOfQuiet();
    const result = await Promise.race([gaveUp, print()]);
    printer.close();
    if (result === undefined) say(io.stderr, underWay([...states.values()]));
    return result;
  } finally {
    ended.abort();
    ignore();
  }

  async function print(): Promise<ApplyResult> {
    for await (const event of run) {
      // What is measured is waited for on purpose, and the printer says so.
      heardAt = io.clock.now() + (event.type === "measuring" ? event.waitMs : 0);
      if (event.type === "started") {
        for (const [index, status] of event.moves.entries()) states.set(index, status);
      }
      if (event.type === "move") states.set(event.index, event.status);
      if (event.type === "not-cancelled") {
        printer.close();
        say(io.stderr, `The run was not stopped, and goes on: ${event.error.message}`);
        continue;
      }
      if (interrupts < 2) printer.event(event);
    }
    return run.result;
  }

  /** Tells less and less often, so that an hour of silence does not fill the screen. */
  async function tellOfQuiet(): Promise<void> {
    for (let due = QUIET_MS; !ended.signal.aborted; ) {
      const quiet = io.clock.now() - heardAt;
      if (quiet < QUIET_MS) due = QUIET_MS;
      if (quiet >= due) {
        printer.close();
        const seconds = Math.round(due / 1000);
        say(io.stderr, `no news from the cluster for ${seconds} s, still looking`);
        due *= 2;
      }
      await io.clock.sleep(Math.max(1, due - quiet), ended.signal).catch(() => {});
    }
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
