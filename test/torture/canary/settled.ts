import type { World } from "./world.ts";

/** Waits for the end of what an answer has only begun. */
export async function settled(kappa4: World["kappa4"], answer: Promise<unknown>): Promise<unknown> {
  const given = Object(await answer);
  return given.state === "started" ? kappa4.runs.wait({ run: given.run.id }) : given;
}
