import type { Clock } from "@kappa4/connectors";
import type { Id } from "../../src/ids.ts";
import type { RunAnswer, RunView } from "../../src/index.ts";
import { type BoundKappa4, createKappa4, type Kappa4 } from "../../src/index.ts";
import { openStore, type Store } from "../../src/store/index.ts";
import { closedStore } from "../store/support/fresh-store.ts";
import { join } from "./people.ts";

/** A Kappa4 with a store of its own, some people in it, and no outside system that answers. */
export interface Office extends AsyncDisposable {
  readonly kappa4: Kappa4;
  /** The same for one of the people. */
  as(name: string): BoundKappa4;
  /** Kappa4 itself. */
  readonly ourselves: BoundKappa4;
  /** Has somebody's request approved by others, and waits for its end. */
  through(answer: RunAnswer, ...approvers: readonly string[]): Promise<RunView>;
}

/** Whoever votes on the highest class would have to log in afresh, which nobody can here. */
const approvals = { stepUpFrom: "never" } as const;

/** What is put into the store before the office opens, and who is there by then. */
export type Prepare = (store: Store, ids: ReadonlyMap<string, Id<"usr">>) => Promise<void>;

/** Opens an office; the staff is names with the roles that they hold in the organisation. */
export async function openOffice(
  staff: Readonly<Record<string, string>>,
  prepare: Prepare = async () => {},
  clock?: Clock,
): Promise<Office> {
  const { options, remove } = await closedStore();
  const store = await openStore(options);
  const ids = new Map<string, Id<"usr">>();
  for (const [name, role] of Object.entries(staff)) ids.set(name, await join(store, name, role));
  await prepare(store, ids);
  await store.close();
  const auth = {
    type: "token",
    token: "automation@pve!kappa4=11111111-2222-4333-8444-555555555555",
  };
  const lab = { kind: "proxmox", endpoints: ["https://127.0.0.1:1"], auth };
  const kappa4 = await createKappa4({ connections: { lab }, store: options, approvals }, { clock });
  function as(name: string): BoundKappa4 {
    const id = ids.get(name);
    if (id === undefined) throw new Error(`nobody is called ${name}`);
    return kappa4.as({ actor: { kind: "person", id }, via: "slack" });
  }
  return {
    kappa4,
    as,
    ourselves: kappa4.as({ actor: { kind: "system" }, via: "sdk" }),
    async through(answer, ...approvers) {
      let now = answer;
      for (const name of approvers) {
        if (now.state !== "waiting") throw new Error("it was to wait");
        const { id: approval, hash } = now.approval;
        now = await as(name).approvals.approve({ approval, hash });
      }
      if (now.state !== "started") throw new Error("it was to start");
      return kappa4.runs.wait({ run: now.run.id });
    },
    async [Symbol.asyncDispose]() {
      await kappa4.close();
      await remove();
    },
  };
}
