import type { ActionField } from "./action-fields.ts";
import type { Action } from "./actions/define.ts";
import type { Permission } from "./permissions/index.ts";

/** An action, as help and references show it. */
export interface ActionDescription {
  /** `noun.verb` */
  readonly name: string;
  readonly description: string;
  readonly kind: Action["kind"];
  readonly permission: Permission;
  /** What is judged besides that permission, in a few words; undefined where nothing is. */
  readonly judgedBesides: string | undefined;
  /** Risk class; undefined where it follows from the work itself. */
  readonly risk: 0 | 1 | undefined;
  /** What it takes, for people. */
  readonly fields: readonly ActionField[];
  /** JSON Schema of the input, for programs. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** Describes everything that Kappa4 can do, by name. */
export async function describeActions(): Promise<readonly ActionDescription[]> {
  const [{ actionsByName }, { actionFields }, { z }] = await Promise.all([
    import("./register.ts"),
    import("./action-fields.ts"),
    import("zod"),
  ]);
  return [...actionsByName.values()]
    .map((action) => ({
      name: action.name,
      description: action.description,
      kind: action.kind,
      permission: action.permission,
      judgedBesides: action.judgedBesides,
      risk: riskOf(action),
      fields: actionFields(action.input),
      // A date has no JSON of its own; what cannot be said is left open rather than left out.
      input: z.toJSONSchema(action.input, { io: "input", unrepresentable: "any" }),
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function riskOf(action: Action): 0 | 1 | undefined {
  if (action.kind === "read") return 0;
  return action.kind === "change" ? action.risk : undefined;
}
