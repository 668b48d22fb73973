import type { BoundKappa4, RunAnswer, RunView } from "../../src/index.ts";
import type { Office } from "./office.ts";

/** Another organisation in the store of an office: it has people of its own, and nothing of the configuration. */
export interface Branch {
  /** Whoever holds the process, in this organisation. */
  readonly local: BoundKappa4;
  /** The same for one of its people. */
  as(name: string): BoundKappa4;
  /** Has somebody's request approved by another, and waits for its end. */
  through(answer: RunAnswer, approver: string): Promise<RunView>;
}

const reason = "a customer of their own";

/** Makes an organisation; the staff is names with the roles that they hold in it. */
export async function openBranch(
  office: Office,
  slug: string,
  staff: Readonly<Record<string, string>>,
): Promise<Branch> {
  const { kappa4 } = office;
  await office.through(await kappa4.orgs.create({ name: slug, slug, reason }));
  const org = (await kappa4.orgs.list()).find((one) => one.slug === slug)?.id;
  const local = kappa4.as({ actor: { kind: "local" }, org, via: "sdk" });
  const people = new Map<string, BoundKappa4>();
  for (const [name, role] of Object.entries(staff)) {
    const { id } = await local.users.create({ email: `${name}@${slug}.example`, name });
    people.set(name, kappa4.as({ actor: { kind: "person", id }, org, via: "sdk" }));
    await end(await local.grants.give({ user: id, role, reason }));
  }

  function as(name: string): BoundKappa4 {
    const person = people.get(name);
    if (person === undefined) throw new Error(`nobody in ${slug} is called ${name}`);
    return person;
  }

  async function end(answer: RunAnswer): Promise<RunView> {
    if (answer.state !== "started") throw new Error("it was to start");
    return local.runs.wait({ run: answer.run.id });
  }

  return {
    local,
    as,
    async through(answer, approver) {
      return end(await as(approver).approvals.approve(waiting(answer)));
    },
  };
}

/** What somebody who decides on a request names. */
export function waiting(answer: RunAnswer): { readonly approval: string; readonly hash: string } {
  if (answer.state !== "waiting") throw new Error("it was to wait");
  const { id: approval, hash } = answer.approval;
  return { approval, hash };
}
