import type { Deliver, Intake } from "./intake.ts";
import { createSocketLine, type SocketLineOptions } from "./socket-line.ts";

/** Options of {@link createSocketIntake}. */
export type SocketIntakeOptions = Omit<SocketLineOptions, "deliver">;

/** Two lines, because Slack ends each of them every few hours: while one is made again the other takes everything. */
const LINES = 2;

/** Takes requests over Socket Mode. */
export function createSocketIntake(options: SocketIntakeOptions): Intake {
  let deliver: Deliver = async () => undefined;
  const lines = Array.from({ length: LINES }, () =>
    createSocketLine({ ...options, deliver: (event) => deliver(event) }),
  );
  const stop = async (): Promise<void> => {
    await Promise.all(lines.map((line) => line.stop()));
  };
  return {
    init(app) {
      deliver = (event) => app.processEvent(event);
    },
    async start() {
      try {
        await Promise.all(lines.map((line) => line.start()));
      } catch (error) {
        await stop();
        throw error;
      }
      return { url: undefined };
    },
    stop,
    isOpen: () => lines.some((line) => line.isOpen()),
  };
}
