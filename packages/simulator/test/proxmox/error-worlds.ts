import { type ProxmoxSimulator, startProxmox } from "@kappa4/simulator";
import { READER, send, TOKEN } from "./client.ts";
import type { World } from "./error-cases.ts";

/** A second lasts this many times shorter than it says, so that nobody waits for 30 s of silence. */
export const TIME_SCALE = 100;
export const PASSWORD = "right password";

const LONGER_THAN_A_TICKET_MS = 3 * 3_600_000;
const WORLDS: readonly World[] = ["today", "before", "torn"];
/** The last releases with texts of their own for a refused ticket. */
const BEFORE: Readonly<Record<string, string>> = { "8.4": "8.4.16", "9.1": "9.1.4" };

/** The clusters that a version needs to say no in every way; close each of them. */
export async function openWorlds(
  version: string,
): Promise<Readonly<Record<World, ProxmoxSimulator>>> {
  const [today, before, torn] = await Promise.all(WORLDS.map((world) => openWorld(world, version)));
  if (!today || !before || !torn) throw new RangeError("A world is missing.");
  torn.setQuorum(false);
  torn.setNodeUnreached("pve2", "refused");
  torn.setNodeUnreached("pve3", "silent");
  torn.setNodeUnreached("pve4", "untrusted");
  return { today, before, torn };
}

/** Logs in and returns the ticket. */
export async function ticketOf(simulator: ProxmoxSimulator): Promise<string> {
  const form = { username: "root@pam", password: PASSWORD };
  const { body } = await send(simulator, "POST", "/access/ticket", { form });
  return String(Object(body?.data).ticket);
}

/** Lets so much time pass that every ticket there is runs out. */
export function expireTickets(simulator: ProxmoxSimulator): void {
  simulator.advance(LONGER_THAN_A_TICKET_MS);
}

async function openWorld(world: World, version: string): Promise<ProxmoxSimulator> {
  const isBefore = world === "before";
  return await startProxmox({
    version: isBefore ? BEFORE[version] : version,
    messageInBody: !isBefore,
    offline: world === "today" ? ["pve4"] : [],
    timeScale: TIME_SCALE,
    password: PASSWORD,
    tokens: [TOKEN],
    readOnlyToken: READER,
  });
}
