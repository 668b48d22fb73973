import type { CommandIo } from "../io.ts";
import { say } from "../say.ts";

/** Says of a record that was written how much of it is not there yet, and why. */
export function sayWaiting({ stderr }: CommandIo, record: object): void {
  const waiting = "waiting" in record ? Number(record.waiting) : 0;
  if (waiting === 0) return;
  const [entries, they] =
    waiting === 1 ? ["1 entry is", "it waits"] : [`${waiting} entries are`, "they wait"];
  say(
    stderr,
    `note: ${entries} not in it: ${they} for something that writes to the same database and began before; export again once that is over.`,
  );
}
