import type { Command, PreparedCall } from "../commands/define.ts";
import { prepareCall, readCall } from "../commands/read-call.ts";
import { unknownPlan } from "../commands/rebalance/answers.ts";
import type { View } from "../view/model.ts";
import type { ButtonBook } from "./button-book.ts";
import type { RequestContent } from "./request.ts";

/** What a request asks for, or the answer when it asks for nothing that can be run. */
export type Read =
  | { readonly kind: "answer"; readonly view: View }
  | { readonly kind: "call"; readonly verb: string; readonly call: PreparedCall };

/** Reads a request. Waits for nothing, so that it can be acknowledged at once. */
export function readRequest(
  commands: Readonly<Record<string, Command>>,
  buttons: ButtonBook,
  content: RequestContent,
): Read {
  if (content.kind === "text") {
    const command = commands[content.command];
    if (command === undefined) return unknownCommand(commands, content.command);
    return asRead(readCall(command, content.text));
  }
  const stored = buttons.find(content.token);
  const command = stored === undefined ? undefined : commands[stored.command];
  if (stored === undefined || command === undefined) {
    return { kind: "answer", view: unknownPlan(undefined) };
  }
  return asRead(prepareCall(command, stored.verb, stored.input));
}

function asRead(read: ReturnType<typeof readCall>): Read {
  if ("answer" in read) return { kind: "answer", view: read.answer };
  return { kind: "call", verb: read.verb, call: read.call };
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
