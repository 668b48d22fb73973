import { type ButtonCall, readButton } from "../commands/button.ts";
import type { Command, PreparedCall, Verb } from "../commands/define.ts";
import { prepareCall, readCall } from "../commands/read-call.ts";
import { unknownButton } from "../commands/rebalance/answers.ts";
import { capital } from "../view/format.ts";
import type { View } from "../view/model.ts";
import type { Form, RequestContent } from "./request.ts";

/** What a request asks for, or the answer when it asks for nothing that can be run. */
export type Read =
  | { readonly kind: "answer"; readonly view: View }
  | { readonly kind: "form"; readonly form: Form }
  | {
      readonly kind: "call";
      /** The name of the command. */
      readonly command: string;
      readonly verb: string;
      readonly call: PreparedCall;
      /** The subject of the message that a button is on. */
      readonly on?: string | undefined;
    };

/** Reads a request. Waits for nothing, so that it can be acknowledged at once. */
export function readRequest(
  commands: Readonly<Record<string, Command>>,
  content: RequestContent,
): Read {
  if (content.kind === "text") {
    const command = commands[content.command];
    if (command === undefined) return unknownCommand(commands, content.command);
    return asRead(command, readCall(command, content.text));
  }
  const pressed = readButton(content.value);
  const command = pressed && commands[pressed.command];
  if (pressed === undefined || command === undefined) {
    return { kind: "answer", view: unknownButton() };
  }
  const { ask, verb: name, input } = pressed;
  const verb = command.verbs[name];
  if (ask !== undefined && content.answers === undefined && verb !== undefined) {
    return { kind: "form", form: formOf(pressed, verb, ask) };
  }
  return asRead(command, prepareCall(command, name, { ...input, ...content.answers }), pressed.on);
}

function formOf({ verb: name, on = "" }: ButtonCall, verb: Verb, ask: string): Form {
  const argument = verb.arguments.find((one) => one.name === ask);
  const [label = ask] = (argument?.description ?? ask).split(";");
  return {
    title: `${capital(name)} ${on}`.trim(),
    name: ask,
    label: capital(label),
    accept: capital(name),
  };
}

function asRead({ name: command }: Command, read: ReturnType<typeof readCall>, on?: string): Read {
  if ("answer" in read) return { kind: "answer", view: read.answer };
  return { kind: "call", command, verb: read.verb, call: read.call, on };
}

function unknownCommand(commands: Readonly<Record<string, Command>>, typed: string): Read {
  const known = Object.values(commands);
  return {
    kind: "answer",
    view: {
      blocks: [
        { kind: "text", text: typed === "" ? "Say what to do." : `There is no command ${typed}.` },
        {
          kind: "table",
          caption: "Commands",
          layout: "lines",
          columns: [{ header: "Command" }, { header: "What it does" }],
          rows: known.map(({ name, summary }) => [`/${name} help`, summary]),
          rowHeader: 0,
        },
      ],
    },
  };
}
