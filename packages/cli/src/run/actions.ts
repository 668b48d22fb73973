import type { Block, View } from "@kappa4/bot";
import {
  type ActionDescription,
  type ActionField,
  closest,
  configInvalid,
  describeActions,
  type InnerField,
} from "@kappa4/sdk";
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
  const [only, ...others] = found;
  const isOne = only !== undefined && others.length === 0 && only.name === positional;
  printAnswer(input, found, isOne ? oneView(only) : listView(found));
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

function oneView(action: ActionDescription): View {
  const { name, kind, risk, description, fields } = action;
  const required = fields.filter(({ isRequired }) => isRequired).map((field) => field.name);
  const sample = Object.fromEntries(required.map((field) => [field, "…"]));
  const input = required.length === 0 ? "" : ` --input '${JSON.stringify(sample)}'`;
  return {
    blocks: [
      { kind: "title", text: name },
      { kind: "text", text: description },
      {
        kind: "facts",
        facts: [
          { name: "Kind", value: kind },
          { name: "Permission", value: permissionText(action) },
          { name: "Risk", value: risk === undefined ? "follows from the plan" : String(risk) },
        ],
      },
      ...(fields.length === 0
        ? [{ kind: "text" as const, text: "It takes nothing." }]
        : [
            fieldsTable("What it takes", fields),
            ...fields
              .filter(({ inside }) => inside.length > 0)
              .map(({ name, inside }) => fieldsTable(`Inside ${name}`, inside)),
          ]),
      { kind: "note", text: ["Call it: ", { code: `kappa4 call ${name}${input}` }] },
    ],
  };
}

/** Who only reads that seeing it is enough would take a Viewer for somebody who approves. */
function permissionText({
  permission,
  judgedBesides,
}: Pick<ActionDescription, "permission" | "judgedBesides">): string {
  return judgedBesides === undefined ? permission : `${permission} and ${judgedBesides}`;
}

function fieldsTable(
  caption: string,
  fields: readonly (Omit<ActionField, "inside"> & Partial<InnerField>)[],
): Block {
  return {
    kind: "table",
    caption,
    rowHeader: 0,
    columns: ["Field", "Takes", "Required", "Default", "Meaning"].map((header) => ({ header })),
    rows: fields.map((field) => [
      field.name,
      field.takes,
      field.isRequired ? "yes" : "no",
      field.default ?? "",
      [...(field.of?.length ? [`Of ${field.of.join(", ")}.`] : []), field.description].join(" "),
    ]),
  };
}

function listView(found: readonly ActionDescription[]): View {
  return {
    blocks: [
      {
        kind: "table",
        caption: "Actions",
        rowHeader: 0,
        columns: ["Action", "Kind", "Permission", "What it does"].map((header) => ({ header })),
        rows: found.map((action) => [
          action.name,
          action.kind,
          permissionText(action),
          action.description,
        ]),
      },
    ],
  };
}
