import { answerBadly, inputBadly, readAgain } from "./bad-acts.ts";
import { actInSlack } from "./bot-acts.ts";
import type { Canaries } from "./canaries.ts";
import { govern } from "./governing.ts";
import { carryOut, operate } from "./runs.ts";
import type { Witness } from "./witness.ts";
import type { World } from "./world.ts";

/** Has everything happen that can, well and badly. */
export async function actAll(world: World, witness: Witness, canaries: Canaries): Promise<void> {
  const { kappa4 } = world;
  await askEverywhere(kappa4, witness);
  await answerBadly(world, witness, canaries);
  await inputBadly(kappa4, witness, canaries);
  await govern(world, witness, canaries);
  await readAgain(world, witness, canaries);
  await actInSlack(world, witness, canaries);
  await carryOut(world, witness, canaries);
  await operate(world, witness, canaries);
  await lookBack(kappa4, witness, canaries);
}

/** Every connection, also those that refuse, are not there, or are not trusted. */
async function askEverywhere(kappa4: World["kappa4"], witness: Witness): Promise<void> {
  for (const connection of kappa4.connections) {
    const ping = (): Promise<unknown> => kappa4.cluster.ping({ connection });
    await witness.watch(`ping ${connection}`, ping, PINGS[connection] ?? "answer");
    await witness.watch(`nodes of ${connection}`, () => kappa4.nodes.list({ connection }));
    const connector = await kappa4.connector(connection);
    witness.seeFaces("connectors", connector);
    for (const ability of Object.values(connector)) witness.seeFaces("connectors", ability);
    await witness.watch(`access of ${connection}`, () =>
      kappa4.cluster.checkAccess({ connection }),
    );
  }
}

const PINGS: Readonly<Record<string, string>> = {
  ...{ brass: "auth", bronze: "auth", tin: "auth", steel: "auth", lead: "network" },
};

/** All that can be read of what has happened. */
async function lookBack(
  kappa4: World["kappa4"],
  witness: Witness,
  { typedToken }: Canaries,
): Promise<void> {
  const questions: readonly (readonly [string, () => Promise<unknown>])[] = [
    ["config.get", () => kappa4.config.get()],
    ["config.export", () => kappa4.config.export()],
    ["config.history", () => kappa4.config.history({ section: "balancing" })],
    ["config.diff", () => kappa4.config.diff({ section: "balancing" })],
    ["audit.search", () => kappa4.audit.search({ limit: 500 })],
    ["audit.search for a secret", () => kappa4.audit.search({ action: typedToken.text })],
    ["audit.export", () => kappa4.audit.export()],
    ["logs.query", () => kappa4.logs.query({ level: "debug", limit: 1000 })],
    ["events.list", () => kappa4.events.list({ limit: 100 })],
    ["events.watch", async () => kappa4.events.watch({ cursor: "start" })],
    ["plans.list", () => kappa4.plans.list()],
    ["runs.list", () => kappa4.runs.list()],
    ["approvals.list", () => kappa4.approvals.list()],
    ["migrations.list", () => kappa4.migrations.list({ connection: "gold" })],
    ["users.list", () => kappa4.users.list()],
    ["roles.list", () => kappa4.roles.list()],
    ["projects.list", () => kappa4.projects.list()],
    ["maintenance.list", () => kappa4.maintenance.list({ connection: "gold" })],
    ["service.status", () => kappa4.service.status()],
  ];
  for (const [what, question] of questions) await witness.watch(what, question, "answer");
  witness.see("metrics", kappa4.metrics());
  witness.seeFaces("inspect of Kappa4", kappa4);
}
