import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Id } from "../../src/ids.ts";
import { type BoundKappa4, createKappa4, type Kappa4, Kappa4Error } from "../../src/index.ts";
import { openStore } from "../../src/store/index.ts";
import { join } from "../core/people.ts";
import { type ClosedStore, closedStore, IS_ON_SERVER } from "../store/support/fresh-store.ts";

/** How often two try; on a server each time could be the one in which both see what was before. */
const ROUNDS = IS_ON_SERVER ? 10 : 1;

let made: ClosedStore;
let kappa4: Kappa4;
const ids = new Map<string, Id<"usr">>();

beforeAll(async () => {
  made = await closedStore();
  const store = await openStore(made.options);
  for (const name of ["sue", "sam"]) ids.set(name, await join(store, name, "super_admin"));
  for (const name of ["leo", "vic"]) ids.set(name, await join(store, name, "admin"));
  await store.close();
  const auth = { type: "token", token: "a@pve!k=11111111-2222-4333-8444-555555555555" };
  const lab = { kind: "proxmox", endpoints: ["https://127.0.0.1:1"], auth };
  kappa4 = await createKappa4({
    connections: { lab },
    store: made.options,
    approvals: { stepUpFrom: "never" },
  });
  await kappa4.users.list();
});

afterAll(async () => {
  await kappa4.close();
  await made.remove();
});

function as(name: string): BoundKappa4 {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`nobody is called ${name}`);
  return kappa4.as({ actor: { kind: "person", id }, via: "slack" });
}

const address = (name: string): string => `${name}@example.com`;

/** How each of them ended: `done`, or the code of its error. */
async function endsOf(...calls: readonly Promise<unknown>[]): Promise<readonly string[]> {
  const ends = await Promise.allSettled(calls);
  const words = ends.map((end) => {
    if (end.status === "fulfilled") return "done";
    return Kappa4Error.is(end.reason) ? end.reason.code : String(end.reason);
  });
  return words.sort();
}

describe("two at once", () => {
  it("do not take each other's place as the last Super Admin", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const both = await endsOf(
        as("sue").users.setStatus({ user: address("sam"), status: "disabled" }),
        as("sam").users.setStatus({ user: address("sue"), status: "disabled" }),
      );
      expect(both.filter((word) => word === "done")).toHaveLength(1);
      for (const name of ["sue", "sam"]) {
        await kappa4.users.setStatus({ user: address(name), status: "active" });
      }
    }
  });

  it("emergencies of one person count one another", async () => {
    const [first, ...waiting] = await Promise.all(
      [0, 1, 2, 3].map(async (round) => {
        const value = { balanciness: round + 1 };
        const note = "the night is to be quiet";
        const answer = await as("sue").config.update({ section: "balancing", value, note });
        if (answer.state !== "waiting") throw new Error("it was to wait");
        return answer.approval;
      }),
    );
    if (first === undefined) throw new Error("there were to be four");
    const breakGlass = ({ id: approval, hash }: typeof first) =>
      as("sam").approvals.breakGlass({
        ...{ approval, ticket: "INC-7", hash: hash.slice(0, 8) },
        reason: "nobody else is there and it burns",
      });
    await breakGlass(first);
    const rest = await endsOf(...waiting.map(breakGlass));
    expect(rest.filter((word) => word === "done")).toHaveLength(1);
  });

  it("who make the same are told that somebody was quicker", async () => {
    const create = () => kappa4.users.create({ email: "same@example.com", name: "Same" });
    const [done, ...rest] = [...(await endsOf(create(), create(), create()))].sort(doneFirst);
    expect(done).toBe("done");
    for (const word of rest) expect(["already_exists", "conflict"]).toContain(word);
  });
});

function doneFirst(one: string, other: string): number {
  return Number(other === "done") - Number(one === "done");
}
