import { type ActionField, actionFields } from "../../src/action-fields.ts";
import type { Action } from "../../src/actions/define.ts";
import { riskOf } from "../../src/approvals/index.ts";
import type { InnerField } from "../../src/inner-fields.ts";
import { actions, actionsByName } from "../../src/register.ts";

/** Contents that make the risk of an action as low and as high as it gets. */
const CONTENTS: readonly unknown[] = [
  {},
  { section: "approvals" },
  { moves: [{ reasons: [] }] },
  { moves: Array.from({ length: 11 }, () => ({ reasons: [] })) },
];

const HEAD = `# Everything that Kappa4 can do

Each *action* is declared once: as \`kappa4.<noun>.<verb>(input)\` in the SDK, and what a command, a schedule or a route
offers is the same declaration. Every call takes the same way in: its input is checked, then whether the caller holds
the permission on what it is about ([Who may do what](permissions.md)), and refusals and changes are put on record
([The audit record](audit.md)).

| kind | what it does |
|---|---|
| read | answers, and changes nothing |
| plan | works something out and stores it; changes nothing outside |
| change | changes Kappa4's own records, at once |
| run | changes an outside system, or what governs Kappa4: approved by its risk ([Approvals](approvals.md)), carried out once |

Risk is 0 (changes nothing) to 4 (who governs, and by which rules); where two numbers stand, it follows from what is
planned. Fields in *italics* may be left out. A time is a date, or text such as \`2026-03-01T08:00:00Z\` (ISO 8601, with its offset
from UTC), as JSON and \`kappa4 call\` give it.

This page is written from the code: \`vitest run actions/page -u\` does that.
`;

const INSIDE = `## Inside the objects

What the objects hold that actions take. \`a.b\` is the field \`b\` inside \`a\`, \`a[].b\` that of each in the list \`a\`, and \`a.<name>\`
what stands under any name in \`a\`. A field *of* a kind is only in objects whose \`kind\` is that.
`;

/** Writes the page of all actions. */
export function actionsPage(): string {
  const nouns = Object.entries(actions).map(([noun, verbs]: [string, object]) =>
    section(noun, Object.values(verbs)),
  );
  return [HEAD, ...nouns, INSIDE, ...insides().map(insideSection)].join("\n");
}

/** An object that actions take, and which ones. */
interface Inside {
  readonly field: ActionField;
  readonly of: readonly string[];
}

/** What is inside the objects that actions take; what several take is told once. */
function insides(): readonly Inside[] {
  const all = [...actionsByName.values()].flatMap(({ name, input }) =>
    fieldsIn(input)
      .filter(({ inside }) => inside.length > 0)
      .map((field) => ({ field, of: name })),
  );
  const shapes = [...new Set(all.map(({ field }) => shapeOf(field)))];
  return shapes.flatMap((shape) => {
    const same = all.filter(({ field }) => shapeOf(field) === shape);
    return same.slice(0, 1).map(({ field }) => ({ field, of: same.map(({ of }) => of) }));
  });
}

function shapeOf({ inside }: ActionField): string {
  return JSON.stringify(inside);
}

function insideSection({ field, of }: Inside): string {
  const rows = field.inside.map((one) => [fieldName(one), one.takes, meaningOf(one)]);
  const actions = of.map((name) => `\`${name}\``).join(", ");
  return `### ${insideTitle(field)}\n\nOf ${actions}.\n\n${table(["Field", "Takes", "Meaning"], rows)}\n`;
}

function insideTitle({ name }: ActionField): string {
  return `Inside \`${name}\``;
}

function fieldName({ name, isRequired }: Pick<ActionField, "name" | "isRequired">): string {
  return isRequired ? `\`${name}\`` : `*\`${name}\`*`;
}

function meaningOf({
  description,
  default: otherwise,
  of,
}: Pick<InnerField, "description" | "default"> & Partial<Pick<InnerField, "of">>): string {
  const kinds = of?.map((kind) => `\`${kind}\``).join(", ") ?? "";
  return [
    ...(kinds === "" ? [] : [`Of ${kinds}.`]),
    ...(description === "" ? [] : [description]),
    ...(otherwise === undefined ? [] : [`Default: ${otherwise}.`]),
  ].join(" ");
}

function fieldsIn(input: Action["input"]): readonly ActionField[] {
  return actionFields(input, (value) => `\`${value}\``);
}

function section(noun: string, verbs: readonly Action[]): string {
  const rows = verbs.map((action) => {
    const { name, description, permission, kind } = action;
    const besides = action.judgedBesides === undefined ? "" : ` and ${action.judgedBesides}`;
    return [`\`${name}\``, description, `\`${permission}\`${besides}`, kind, riskText(action)];
  });
  const fields = verbs.flatMap(fieldRows);
  return [
    `## ${noun}\n`,
    table(["Action", "What it does", "Permission", "Kind", "Risk"], rows),
    ...(fields.length === 0 ? [] : [`\n${table(["Of", "Field", "Takes", "Meaning"], fields)}`]),
    "",
  ].join("\n");
}

/** The lowest and the highest class that an action can be of. */
export function riskText(action: Action): string {
  if (action.kind === "read" || action.kind === "change") return String(action.risk);
  const risks = CONTENTS.flatMap((content) => {
    try {
      return [riskOf(action.risk(content))];
    } catch {
      // Not the kind of content that this action has.
      return [];
    }
  });
  return [...new Set([Math.min(...risks), Math.max(...risks)])].join(" to ");
}

function fieldRows({ name, input }: Action): readonly (readonly string[])[] {
  const verb = name.split(".")[1] ?? name;
  return fieldsIn(input).map((field) => {
    const link = `[inside](#inside-${field.name.toLowerCase()})`;
    const taken = field.inside.length === 0 ? field.takes : `${field.takes} (${link})`;
    return [verb, fieldName(field), taken, meaningOf(field)];
  });
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n");
}
