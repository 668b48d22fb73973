import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeActions } from "../../../packages/sdk/src/index.ts";
import { type Canaries, loose } from "./canaries.ts";
import { mistakes } from "./mistakes.ts";
import type { Witness } from "./witness.ts";
import type { World } from "./world.ts";

/** A noun of Kappa4, whose verbs only their schemas know. */
type Verbs = Readonly<Record<string, (input: unknown, options?: object) => Promise<unknown>>>;

/** A server that repeats what it was told, and tells what is nobody's business. */
export async function answerBadly(
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
export async function inputBadly(
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

/** Somebody has written secrets where they do not belong, and has the configuration read again. */
export async function readAgain(
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
