import { actionFields } from "../../src/action-fields.ts";
import type { Action } from "../../src/actions/define.ts";
import { riskOf } from "../../src/approvals/index.ts";
import { actions } from "../../src/register.ts";

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

/** Writes the page of all actions. */
export function actionsPage(): string {
  const nouns = Object.entries(actions).map(([noun, verbs]: [string, object]) =>
    section(noun, Object.values(verbs)),
  );
  return [HEAD, ...nouns].join("\n");
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
  return actionFields(input, (value) => `\`${value}\``).map((field) => {
    const shown = field.isRequired ? `\`${field.name}\`` : `*\`${field.name}\`*`;
    const otherwise = field.default === undefined ? [] : [`Default: ${field.default}.`];
    return [verb, shown, field.takes, [field.description, ...otherwise].filter(Boolean).join(" ")];
  });
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n");
}
