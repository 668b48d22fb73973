import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  BUILT_IN_ROLES,
  type BuiltInRole,
  PERMISSIONS,
  permissionEntry,
  ROLE_TITLES,
} from "../../src/permissions/index.ts";

const text = readFileSync(new URL("../../../../docs/permissions.md", import.meta.url), "utf8");
const roles = Object.keys(ROLE_TITLES) as BuiltInRole[];

function table(): string {
  const heads = ["Permission", "allows to", ...roles.map((role) => ROLE_TITLES[role])];
  const rows = PERMISSIONS.map((permission) => {
    const cells = roles.map((role) => {
      const { permissions, own = [] } = BUILT_IN_ROLES[role];
      if (permissions.includes(permission)) return "✓";
      return own.includes(permission) ? "own" : "";
    });
    return [`\`${permission}\``, permissionEntry(permission).allows, ...cells];
  });
  const lines = [heads, heads.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

test("docs/permissions.md shows the table as the code has it", () => {
  const shown = /<!-- table -->\n([\s\S]*?)\n<!-- end of table -->/.exec(text)?.[1];
  expect(shown).toBe(table());
});
