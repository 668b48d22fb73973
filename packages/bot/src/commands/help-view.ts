import type { Block, View } from "../view/model.ts";
import type { Command, Verb, VerbKind } from "./define.ts";

const WHO: Readonly<Record<VerbKind, string>> = {
  read: "Nothing changes.",
  plan: "Nothing changes; making plans is for Operators and above.",
  change: "This changes something: your role has to allow it.",
};

/** Shows what a command can do, or everything about one of its verbs. */
export function commandHelpView(command: Command, verb?: string): View {
  const wanted = verb === undefined ? undefined : command.verbs[verb.toLowerCase()];
  if (verb !== undefined && wanted !== undefined)
    return verbView(command, verb.toLowerCase(), wanted);
  return {
    blocks: [
      { kind: "title", text: `/${command.name}` },
      { kind: "text", text: command.summary },
      {
        kind: "table",
        caption: "What you can type",
        layout: "lines",
        columns: [{ header: "Command" }, { header: "What it does" }],
        rows: Object.entries(command.verbs).map(([name, entry]) => [
          usage(command, name, entry),
          entry.summary,
        ]),
        rowHeader: 0,
      },
      {
        kind: "note",
        text: [
          "More about one: ",
          { code: `/${command.name} help ${Object.keys(command.verbs)[0]}` },
        ],
      },
    ],
  };
}

function verbView(command: Command, name: string, verb: Verb): View {
  const blocks: Block[] = [
    { kind: "title", text: usage(command, name, verb) },
    { kind: "text", text: verb.summary },
  ];
  if (verb.arguments.length > 0) {
    blocks.push({
      kind: "table",
      caption: "Arguments",
      layout: "lines",
      columns: [{ header: "Name" }, { header: "What it says" }],
      rows: verb.arguments.map((argument) => [
        argument.positional ? argument.name : `--${argument.name}`,
        `${argument.description}${argument.required ? " (required)" : ""}`,
      ]),
      rowHeader: 0,
    });
  }
  blocks.push(
    {
      kind: "code",
      text: verb.examples.map((example) => `/${command.name} ${example}`).join("\n"),
    },
    { kind: "note", text: WHO[verb.kind] },
  );
  return { blocks };
}

function usage(command: Command, name: string, verb: Verb): string {
  const parts = verb.arguments.map(({ name: argument, positional, required }) => {
    const text = positional ? argument : `--${argument} …`;
    return required ? `<${argument}>` : `[${text}]`;
  });
  return [`/${command.name}`, name, ...parts].join(" ");
}
