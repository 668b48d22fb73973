import type { View } from "@kappa4/bot";
import { type ActionDescription, closest, configInvalid, describeActions } from "@kappa4/sdk";
import type { CommandInput } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { printAnswer } from "./print.ts";

/** Prints the register, or a part of it. */
export async function runActions(input: CommandInput): Promise<number> {
  const { positional, flags } = input;
  flags.check();
  const all = await describeActions();
  const found = all.filter(
    ({ name }) =>
      positional === undefined || name === positional || name.startsWith(`${positional}.`),
  );
  if (found.length === 0 && positional !== undefined) throw await unknownAction(positional);
  printAnswer(input, found, listView(found));
  return EXIT.ok;
}

/** Says which action was probably meant. */
export async function unknownAction(name: string): Promise<Error> {
  const all = await describeActions();
  const guess = closest(
    name,
    all.map((action) => action.name),
  );
  const hint = guess === undefined ? "`kappa4 actions` lists them" : `did you mean ${guess}?`;
  return configInvalid("the command line", [
    { path: "ACTION", message: `there is no action ${name}; ${hint}` },
  ]);
}

function listView(found: readonly ActionDescription[]): View {
  return {
    blocks: [
      {
        kind: "table",
        caption: "Actions",
        rowHeader: 0,
        columns: ["Action", "Kind", "Permission", "What it does"].map((header) => ({ header })),
        rows: found.map(({ name, kind, permission, description }) => [
          name,
          kind,
          permission,
          description,
        ]),
      },
    ],
  };
}
