import { APPROVAL_EVENTS, REFUSAL_CODES } from "../../packages/sdk/src/approvals/index.ts";
import { fuzz } from "../../packages/sdk/test/approvals/fuzz.ts";
import type { TortureOptions } from "./main.ts";
import { printTable } from "./tally.ts";

/** Random attempts at approvals, judged by an oracle of its own: none may have an effect that it must not. */
export async function run({ seed, rounds = 50_000, tally }: TortureOptions): Promise<void> {
  const { events, refusals, complaints } = fuzz(seed, rounds);
  printTable(
    ["Event", "taken", "refused"],
    APPROVAL_EVENTS.map((event) => [event, events[event].taken, events[event].refused]),
  );
  console.log();
  const counted = [...refusals].sort(([, one], [, other]) => other - one);
  printTable(["Refused because", "times"], counted);

  const steps = APPROVAL_EVENTS.reduce(
    (sum, event) => sum + events[event].taken + events[event].refused,
    refusals.get("old version") ?? 0,
  );
  console.log(`\n${steps} steps from seed ${seed}, ${complaints.length} privileged effects`);
  for (let step = complaints.length; step < steps; step += 1) tally.check(true, () => "");
  for (const complaint of complaints) tally.check(false, () => complaint);
  if (rounds < 10_000) return;
  for (const event of APPROVAL_EVENTS) {
    tally.check(events[event].taken > 0, () => `${event} never happened`);
    tally.check(events[event].refused > 0, () => `${event} was never refused`);
  }
  console.log(`${refusals.size} kinds of refusal, of ${REFUSAL_CODES.length + 1}`);
}
