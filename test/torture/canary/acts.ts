import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BoundKappa4, RunAnswer } from "../../../packages/sdk/src/index.ts";
import { describeActions } from "../../../packages/sdk/src/index.ts";
import { actInSlack } from "./bot-acts.ts";
import { type Canaries, loose } from "./canaries.ts";
import { mistakes } from "./mistakes.ts";
import type { Witness } from "./witness.ts";
import type { World } from "./world.ts";

/** A noun of Kappa4, whose verbs only their schemas know. */
type Verbs = Readonly<Record<string, (input: unknown, options?: object) => Promise<unknown>>>;

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

/** A server that repeats what it was told, and tells what is nobody's business. */
async function answerBadly(
  { kappa4, cluster }: World,
  witness: Witness,
  { token, answered }: Canaries,
): Promise<void> {
  const told = `PVEAPIToken=gold@pve!kappa4=${token.text}`;
  const said = `cannot mount: password=${answered.text} for ${told}, that is ${token.text}`;
  const json = JSON.stringify({ message: said, errors: { note: said, token: said }, data: null });
  const headers = {
    "x-debug": said,
    "set-cookie": `PVEAuthCookie=PVE:gold@pve:1::${answered.text}`,
    location: `https://gold:${answered.text}@127.0.0.1/?token=${token.text}`,
  };
  for (const status of [301, 400, 401, 403, 404, 409, 429, 500, 501, 503, 595, 596]) {
    for (const body of [json, `<html>${said}</html>`, ""]) {
      const fault = cluster.faults.add({
        ...{ kind: "status", status, reason: said.replaceAll(/[^ -~]/g, ""), body, headers },
        on: { path: "/cluster/resources" },
        times: 2,
      });
      await witness.watch(`answered with ${status}`, () =>
        kappa4.nodes.list({ connection: "gold" }),
      );
      fault.remove();
    }
  }
  for (const kind of ["cut-before", "garbage"] as const) {
    const fault = cluster.faults.add({ kind, on: { path: "/cluster/resources" }, times: 2 });
    await witness.watch(`answered with ${kind}`, () => kappa4.nodes.list({ connection: "gold" }));
    fault.remove();
  }
}

/** Every action with what it cannot take, and with secrets where there should be names. */
async function inputBadly(
  kappa4: World["kappa4"],
  witness: Witness,
  canaries: Canaries,
): Promise<void> {
  const text = loose(canaries);
  const short = canaries.typedToken.text;
  const nouns = Object.entries(kappa4).map(([noun, verbs]) => [noun, verbs as Verbs] as const);
  for (const { name } of await describeActions()) {
    const [noun = "", verb = ""] = name.split(".");
    const call = nouns.find(([other]) => other === noun)?.[1][verb];
    for (const secret of [text, short, canaries.token.text]) {
      const names = { plan: secret, run: secret, approval: secret, user: secret, guest: secret };
      const inputs = [
        { [secret]: secret, connection: "gold", ...names },
        { connection: secret, section: secret, node: secret },
        { ...names, reason: text, connection: "gold" },
        secret,
      ];
      for (const input of inputs)
        await witness.watch(`${name} of bad input`, async () => call?.(input));
      for (const [key, value] of Object.entries({ ...names, project: secret, node: secret })) {
        await witness.watch(`${name} of a wrong ${key}`, async () =>
          call?.({ [key]: value, reason: text, connection: "gold" }, { requestKey: `k ${secret}` }),
        );
      }
    }
  }
}

/** People, roles, configuration, and the switch that stops everything. */
async function govern(
  { kappa4, people }: World,
  witness: Witness,
  canaries: Canaries,
): Promise<void> {
  const text = loose(canaries);
  const reason = text;
  const note = text;
  const by = (who: keyof World["people"]): BoundKappa4 =>
    kappa4.as({ actor: { kind: "person", id: people[who] }, via: "slack" });
  const small = { section: "balancing", note } as const;
  const attempts: readonly (readonly [string, () => Promise<unknown>])[] = [
    [
      "users.create",
      () => kappa4.users.create({ email: "cem@example.com", name: text.slice(0, 190) }),
    ],
    [
      "roles.create",
      () =>
        kappa4.roles.create({
          key: "own",
          name: text.slice(0, 90),
          permissions: ["nodes.read"],
          reason,
        }),
    ],
    ["projects.create", () => kappa4.projects.create({ name: canaries.typedToken.text })],
    ["grants.give", () => kappa4.grants.give({ user: people.vic, role: "own", reason })],
    [
      "grants.give refused",
      () => by("vic").grants.give({ user: people.vic, role: "admin", reason }),
    ],
    ["roles.delete", () => kappa4.roles.delete({ key: "own", reason })],
    ["config.update", () => kappa4.config.update({ ...small, value: { balanciness: 7 } })],
    [
      "config.update bad",
      () => kappa4.config.update({ ...small, value: { [canaries.typedToken.text]: text } }),
    ],
    [
      "config.update by somebody",
      () => by("ben").config.update({ ...small, value: { balanciness: 8 } }),
    ],
    [
      "config.validate",
      () =>
        kappa4.config.validate({
          section: "balancing",
          value: { method: canaries.typedToken.text },
        }),
    ],
    ["config.restore", () => kappa4.config.restore({ section: "balancing", revision: 1, note })],
    ["service.stop", () => kappa4.service.stop({ reason })],
    ["service.status", () => kappa4.service.status()],
    ["while stopped", () => kappa4.rebalance.plan({ connection: "gold" })],
    ["service.start", () => kappa4.service.start({ reason })],
    ["orgs.create", () => kappa4.orgs.create({ name: text.slice(0, 90), slug: "another", reason })],
    ["orgs.suspend", () => kappa4.orgs.suspend({ org: "another", reason })],
    ["preferences.set", () => by("vic").preferences.set({ language: "en" })],
  ];
  const refused = ["roles.delete", "grants.give refused", "config.update bad", "while stopped"];
  for (const [what, attempt] of attempts) {
    const expected = refused.includes(what) ? undefined : "answer";
    await witness.watch(what, () => settled(kappa4, attempt()), expected);
  }
}

/** Somebody has written secrets where they do not belong, and has the configuration read again. */
async function readAgain(
  { kappa4, folder, people }: World,
  witness: Witness,
  canaries: Canaries,
): Promise<void> {
  const { token } = canaries;
  const bare = `connections: { gold: { kind: "${token.text}" } }\nbalancing: { method: "${token.text}" }`;
  for (const text of [...Object.values(mistakes(canaries)), bare]) {
    writeFileSync(join(folder, "again.yaml"), text);
    const restart = { reason: loose(canaries) };
    await witness.watch("service.restart", () => kappa4.service.restart(restart), "config_invalid");
    const ben = kappa4.as({ actor: { kind: "person", id: people.ben }, via: "slack" });
    await witness.watch("service.restart", () => ben.service.restart(restart));
  }
}

/** Plans that are approved, denied, withdrawn, broken through, and carried out with and without trouble. */
async function carryOut(
  { kappa4, people, cluster }: World,
  witness: Witness,
  canaries: Canaries,
): Promise<void> {
  const { token, taskLog } = canaries;
  const reason = loose(canaries);
  const by = (who: keyof World["people"]): BoundKappa4 =>
    kappa4.as({ actor: { kind: "person", id: people[who] }, via: "slack" });
  const ask = async (who: "ana" | "ben"): Promise<RunAnswer> => {
    const { id } = await by(who).rebalance.plan({ connection: "gold", options: { maxMoves: 5 } });
    return by(who).rebalance.apply({ plan: id, reason });
  };
  const waiting = (answer: RunAnswer) => {
    if (answer.state !== "waiting") throw new Error("nobody was asked");
    return { approval: answer.approval.id, hash: answer.approval.hash };
  };
  await witness.watch(
    "denied",
    async () => {
      const { approval } = waiting(await ask("ana"));
      return by("ben").approvals.deny({ approval, reason });
    },
    "answer",
  );
  await witness.watch(
    "withdrawn",
    async () => {
      const { approval } = waiting(await ask("ana"));
      return by("ana").approvals.withdraw({ approval, reason });
    },
    "answer",
  );
  await witness.watch(
    "broken through",
    async () => {
      const { approval, hash } = waiting(await ask("ana"));
      const how = { approval, hash: hash.slice(0, 8), ticket: canaries.typedToken.text, reason };
      await witness.watch("broken through by an admin", () => by("ben").approvals.breakGlass(how));
      return by("ana").approvals.withdraw({ approval, reason });
    },
    "answer",
  );
  const text = `mount -o password=${taskLog.text},token=${token.text} failed: ${token.text}`;
  cluster.faults.add({ kind: "task-fails", text, times: 1 });
  for (const what of ["carried out with trouble", "carried out"]) {
    await witness.watch(
      what,
      async () => {
        const { approval, hash } = waiting(await ask("ana"));
        const answer = await by("ben").approvals.approve({ approval, hash });
        if (answer.state !== "started") throw new Error("it was not started");
        const { id: run } = answer.run;
        await witness.watch("runs.watch", async () => kappa4.runs.watch({ run }));
        const ended = await kappa4.runs.wait({ run });
        if ((ended.state === "succeeded") !== (what === "carried out"))
          throw new Error(ended.state);
        return ended;
      },
      "answer",
    );
    cluster.faults.clear();
  }
}

/** The power of guests, and nodes that are to be empty. */
async function operate(
  { kappa4, cluster }: World,
  witness: Witness,
  canaries: Canaries,
): Promise<void> {
  const reason = loose(canaries);
  const [guest = 100] = cluster.placements().keys();
  const on = { connection: "silver", reason };
  const text = `cannot reach the guest, secret: ${canaries.taskLog.text}`;
  cluster.faults.add({ kind: "task-fails", text, times: 1 });
  await witness.watch("instances.stop in vain", () =>
    settled(kappa4, kappa4.instances.stop({ ...on, guest })),
  );
  cluster.faults.clear();
  await witness.watch("instances.stop", () =>
    settled(kappa4, kappa4.instances.stop({ ...on, guest })),
  );
  await witness.watch("instances.start", () =>
    settled(kappa4, kappa4.instances.start({ ...on, guest })),
  );
  const node = cluster.entries[0]?.node ?? "pve1";
  await witness.watch(
    "maintenance.enter",
    () => settled(kappa4, kappa4.maintenance.enter({ ...on, node })),
    "answer",
  );
  await witness.watch(
    "maintenance.leave",
    () => settled(kappa4, kappa4.maintenance.leave({ ...on, node })),
    "answer",
  );
}

/** Waits for the end of what an answer has only begun. */
async function settled(kappa4: World["kappa4"], answer: Promise<unknown>): Promise<unknown> {
  const given = Object(await answer);
  return given.state === "started" ? kappa4.runs.wait({ run: given.run.id }) : given;
}

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
