import type { Caller } from "./actor.ts";
import type { ActionCallOptions, PlanView, RunAnswer } from "./answers.ts";
import type { Action, ChangeAction, PlanAction, ReadAction, RunAction } from "./define.ts";

/** What an action is given. */
export type InputOf<One> = One extends {
  readonly input: { readonly _zod: { readonly output: infer Input } };
}
  ? { readonly [Field in keyof Input]: WithTimes<Input[Field]> }
  : never;

/** A time may be given as text too, as ISO 8601 writes it. */
type WithTimes<Value> = Value extends Date ? Date | string : Value;

/** What a caller gets of an action. */
export type OutputOf<One> =
  One extends ReadAction<unknown, infer Output>
    ? Output
    : One extends ChangeAction<unknown, infer Output, unknown>
      ? Output
      : One extends PlanAction<unknown, infer Content>
        ? PlanView<Content>
        : One extends RunAction<unknown, unknown>
          ? RunAnswer
          : never;

/** Whether everything may be left out of an input, or nothing is in it. */
type IsOptional<Input> = object extends Input ? true : string extends keyof Input ? true : false;

/** An action as a function; an input in which everything may be left out may itself be left out. */
export type Call<One> =
  IsOptional<InputOf<One>> extends true
    ? (input?: InputOf<One>, options?: ActionCallOptions) => Promise<OutputOf<One>>
    : (input: InputOf<One>, options?: ActionCallOptions) => Promise<OutputOf<One>>;

/** Every action of a register as `noun.verb(input)`; each keeps the words of its declaration. */
export type Client<Actions> = {
  readonly [Noun in keyof Actions]: {
    readonly [Verb in keyof Actions[Noun]]: Call<Actions[Noun][Verb]>;
  };
};

/** Carries out a call of an action for a caller. */
export type Carry = (
  caller: Caller,
  action: Action,
  input: unknown,
  options: ActionCallOptions,
) => Promise<unknown>;

/** Makes the functions of a register for one caller. */
export function bindClient<Actions extends object>(
  register: Actions,
  caller: Caller,
  carry: Carry,
): Client<Actions> {
  const nouns = Object.entries(register).map(
    ([noun, verbs]: [string, Readonly<Record<string, Action>>]) => {
      const calls = Object.entries(verbs).map(([verb, action]) => [
        verb,
        (input: unknown = {}, options: ActionCallOptions = {}) =>
          carry(caller, action, input, options),
      ]);
      return [noun, Object.fromEntries(calls)];
    },
  );
  return Object.fromEntries(nouns) as Client<Actions>;
}
