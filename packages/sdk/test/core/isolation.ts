import type { Action } from "../../src/actions/define.ts";
import { type BuiltInRole, ROLE_TITLES } from "../../src/permissions/index.ts";
import { actionsByName } from "../../src/register.ts";
import { isWritten } from "../permissions/role-matrix.ts";
import { inputsAbout } from "./inputs-about.ts";
import type { Holder, Outcome, TwoOrgs } from "./two-orgs.ts";

/** How many calls were made, and what was wrong with any of them. */
export interface Trial {
  readonly calls: number;
  readonly complaints: readonly string[];
}

const VIA = "slack";

/** Names what has no inputs yet, or has some and is no more. */
export function missingInputs({ other }: TwoOrgs): readonly string[] {
  const written = Object.keys(inputsAbout(other));
  const names = [...actionsByName.keys()];
  return [
    ...names.filter((name) => !written.includes(name)),
    ...written.filter((name) => !actionsByName.has(name)),
  ];
}

/** People of one organisation ask in it for all that is another one's, by every name. */
export async function askAcross(two: TwoOrgs, who: readonly Holder[]): Promise<Trial> {
  const before = await two.rows(two.other.org);
  const trial = await callAll(two.other, async (action, input) => {
    const found: string[] = [];
    for (const name of who) {
      const outcome = await callAs(two, name, undefined, action, input);
      // What the caller gave may come back to them; what stands in the rows may not.
      if (textOf(outcome).includes(two.other.canary)) found.push(`${name} sees a row of another's`);
    }
    return found;
  });
  const after = await two.rows(two.other.org);
  const changed = Object.keys(before).filter((table) => before[table] !== after[table]);
  const complaints = [...trial.complaints, ...changed.map((table) => `${table} was changed`)];
  return { calls: trial.calls * who.length, complaints };
}

/** The same people act as if they belonged to the other organisation. */
export async function actThere(two: TwoOrgs, who: readonly Holder[]): Promise<Trial> {
  const before = await two.rows(two.other.org);
  const trial = await callAll(two.other, async (action, input) => {
    const found: string[] = [];
    for (const name of who) {
      const { error } = await callAs(two, name, two.other.org, action, input);
      const isRefused = error?.code === "permission" || error?.code === "not_found";
      if (!isRefused) found.push(`${name} was answered: ${error?.code ?? "an answer"}`);
      if (error?.message.includes(two.other.canary)) found.push(`${name} is told of a row`);
    }
    return found;
  });
  const after = await two.rows(two.other.org);
  // That somebody was refused is on record there, and counted.
  const changed = Object.keys(before).filter(
    (table) => table !== "audit" && table !== "counters" && before[table] !== after[table],
  );
  const complaints = [...trial.complaints, ...changed.map((table) => `${table} was changed`)];
  return { calls: trial.calls * who.length, complaints };
}

/** Who holds everything on another connection of the same organisation asks for all that is on this one. */
export async function askFromElsewhere(two: TwoOrgs): Promise<Trial> {
  const { org, canary } = two.own;
  // What others have asked for meanwhile runs out by itself.
  const ours = async (): Promise<readonly string[]> => {
    const tables = Object.entries(await two.rows(org)).filter(([name]) => name !== "audit");
    const rows = tables.flatMap(([name, all]) =>
      (JSON.parse(all) as readonly { row: string }[]).map(({ row }) => `${name} ${row}`),
    );
    return rows.filter((row) => row.includes(canary));
  };
  const before = await ours();
  const trial = await callAll(two.own, async (action, input) => {
    const outcome = await callAs(two, "elsewhere", undefined, action, input);
    return textOf(outcome).includes(canary) ? ["sees a row of another connection"] : [];
  });
  const after = new Set(await ours());
  const changed = before.filter((row) => !after.has(row)).map((row) => `changed or gone: ${row}`);
  return { ...trial, complaints: [...trial.complaints, ...changed] };
}

/** What somebody is answered, as data. */
export async function answerTo(
  two: TwoOrgs,
  name: Holder,
  action: string,
  input: unknown = {},
): Promise<unknown> {
  const found = actionsByName.get(action);
  if (found === undefined) throw new Error(`there is no ${action}`);
  const { answer, error } = await callAs(two, name, undefined, found, input);
  return answer === undefined ? error?.code : JSON.parse(answer);
}

/** Names the actions through which somebody sees rows that are theirs to see: the trials above would see as much. */
export async function seenBy(two: TwoOrgs, name: Holder): Promise<readonly string[]> {
  const seen = new Set<string>();
  await callAll(two.own, async (action, input) => {
    const outcome = await callAs(two, name, undefined, action, input);
    if (textOf(outcome).includes(two.own.canary)) seen.add(action.name);
    return [];
  });
  return [...seen];
}

/** Every action by somebody of every built-in role, through the pipeline: allowed exactly when the role says so. */
export async function callByRole(two: TwoOrgs): Promise<Trial> {
  const roles = Object.keys(ROLE_TITLES) as readonly BuiltInRole[];
  const trial = await callAll(two.own, async (action, input) => {
    const found: string[] = [];
    for (const role of roles) {
      const { error } = await callAs(two, role, undefined, action, input);
      const isRefusal = error?.code === "permission" || error?.code === "not_found";
      const isAllowed = !(isRefusal && error?.context.operation === action.name);
      // Nobody here holds anything on the platform.
      const isPlatform = action.scope(input).kind === "platform";
      const { permission, also } = action;
      const isException = also?.when(input) === true && isWritten(role, also.permission);
      const isExpected = !isPlatform && (isWritten(role, permission) || isException);
      if (isAllowed !== isExpected) found.push(`${role}: ${isAllowed ? "allowed" : "refused"}`);
    }
    return found;
  });
  return { calls: trial.calls * roles.length, complaints: trial.complaints };
}

async function callAll(
  about: TwoOrgs["own"],
  judge: (action: Action, input: unknown) => Promise<readonly string[]>,
): Promise<Trial> {
  let calls = 0;
  const complaints: string[] = [];
  for (const [name, inputs] of Object.entries(inputsAbout(about))) {
    const action = actionsByName.get(name);
    if (action === undefined) continue;
    for (const input of inputs) {
      calls += 1;
      const found = await judge(action, input);
      complaints.push(...found.map((one) => `${name} ${JSON.stringify(input)}: ${one}`));
    }
  }
  return { calls, complaints };
}

function callAs(
  { call, people }: TwoOrgs,
  name: Holder,
  org: TwoOrgs["own"]["org"] | undefined,
  action: Action,
  input: unknown,
): Promise<Outcome> {
  const id = people.get(name);
  if (id === undefined) throw new Error(`nobody is ${name}`);
  return call({ actor: { kind: "person", id }, org, via: VIA }, action, input);
}

function textOf({ answer, error }: Outcome): string {
  return answer ?? error?.message ?? "";
}
