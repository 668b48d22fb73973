import { expectTypeOf, test } from "vitest";
import { z } from "zod";
import {
  type ChangeAction,
  defineAction,
  type ReadAction,
  type RunAction,
} from "../../src/index.ts";

interface Input {
  readonly node: string;
}

type Answer = string;

const common = {
  name: "nodes.ask",
  description: "Asks a node.",
  input: z.strictObject({ node: z.string() }) satisfies z.ZodType<Input>,
  permission: "nodes.read",
  scope: () => ({ kind: "org" }) as const,
  audit: ({ node }: Input) => ({ targets: [`node:${node}`] }),
  run: async (): Promise<Answer> => "yes",
} as const;
const whole = { ...common, kind: "read", risk: 0 } as const;

test("an action that says everything about itself is one", () => {
  const action = defineAction<Input, Answer>(whole);
  expectTypeOf(action).toEqualTypeOf<ReadAction<Input, Answer>>();
});

test("an action without permission, risk, audit or scope does not compile", () => {
  const { permission: _permission, ...unpermitted } = whole;
  // @ts-expect-error no permission
  defineAction<Input, Answer>(unpermitted);
  const { risk: _risk, ...riskless } = whole;
  // @ts-expect-error no risk
  defineAction<Input, Answer>(riskless);
  const { audit: _audit, ...unrecorded } = whole;
  // @ts-expect-error no audit
  defineAction<Input, Answer>(unrecorded);
  const { scope: _scope, ...boundless } = whole;
  // @ts-expect-error no scope
  defineAction<Input, Answer>(boundless);
  expectTypeOf<typeof unpermitted>().not.toExtend<ReadAction<Input, Answer>>();
});

test("nor does one with a permission that there is not, or a risk that its kind cannot have", () => {
  // @ts-expect-error a misspelt permission
  defineAction<Input, Answer>({ ...whole, permission: "node.read" });
  // @ts-expect-error a read changes nothing
  defineAction<Input, Answer>({ ...common, kind: "read", risk: 2 });
  // @ts-expect-error what needs a second person is a run
  defineAction<Input, Answer>({ ...common, kind: "change", risk: 2 });
  expectTypeOf<ChangeAction<Input, Answer>["risk"]>().toEqualTypeOf<0 | 1>();
  expectTypeOf<RunAction<Input, Answer>["risk"]>().toBeFunction();
});

test("what is recorded of a call is made of its input, and its scope is one that there is", () => {
  const wrong = ({ guest }: { readonly guest: number }) => ({ targets: [`guest:${guest}`] });
  // @ts-expect-error not the input of this action
  defineAction<Input, Answer>({ ...whole, audit: wrong });
  // @ts-expect-error not a scope that there is
  defineAction<Input, Answer>({ ...whole, scope: () => ({ kind: "nowhere" }) });
});
