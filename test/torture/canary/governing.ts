import type { BoundKappa4 } from "../../../packages/sdk/src/index.ts";
import { type Canaries, loose } from "./canaries.ts";
import { settled } from "./settled.ts";
import type { Witness } from "./witness.ts";
import type { World } from "./world.ts";

/** People, roles, configuration, and the switch that stops everything. */
export async function govern(
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
