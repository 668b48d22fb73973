/** A call of a verb that a button stands for. */
export interface ButtonCall {
  readonly command: string;
  readonly verb: string;
  /** Values by argument name, as if they had been typed. */
  readonly input: Readonly<Record<string, string>>;
  /** The subject of the message that the button is on. */
  readonly on?: string | undefined;
  /** An argument that is asked for when the button is pressed. */
  readonly ask?: string | undefined;
}

const ON = "_on";
const ASK = "_ask";

/**
 * Writes a call as the value of a button. It names things and gives no right to them: whoever presses it is asked who
 * they are, and what they may do. So it works as long as the thing is there, also after a restart.
 */
export function buttonValue({ command, verb, input, on, ask }: ButtonCall): string {
  const words = new URLSearchParams(input);
  if (on !== undefined) words.set(ON, on);
  if (ask !== undefined) words.set(ASK, ask);
  return `${command}/${verb}?${words}`;
}

/** Reads the value of a button; undefined when it is none of ours. */
export function readButton(value: string): ButtonCall | undefined {
  const [, command, verb, words] = /^([a-z0-9-]+)\/([a-z0-9-]+)\?(.*)$/s.exec(value) ?? [];
  if (command === undefined || verb === undefined) return undefined;
  const { [ON]: on, [ASK]: ask, ...input } = Object.fromEntries(new URLSearchParams(words));
  return { command, verb, input, on, ask };
}
