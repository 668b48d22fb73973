import { afterEach } from "vitest";
import { openWorkshop, type Workshop, type WorkshopOptions } from "./workshop.ts";

const open: Workshop[] = [];

/** Opens a workshop that is closed after the test. */
export async function start(
  mode: "socket" | "http",
  options: Omit<WorkshopOptions, "mode"> = {},
): Promise<Workshop> {
  const workshop = await openWorkshop({ ...options, mode });
  open.push(workshop);
  return workshop;
}

afterEach(async () => {
  for (const workshop of open.splice(0)) await workshop.close();
});

/** How many moves a plan announces. */
export function movesIn(text: string | undefined): number {
  return Number(/(\d+) moves? would/.exec(text ?? "")?.[1]);
}

/** What was logged as wrong. */
export function problems({ logged }: Workshop): Workshop["logged"] {
  return logged.filter(({ level }) => level === "warn" || level === "error");
}
