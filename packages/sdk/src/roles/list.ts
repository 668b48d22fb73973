import { defineAction, type ReadAction } from "../actions/define.ts";
import { type NoInput, noInput } from "../actions/inputs.ts";
import { onOrg } from "../actions/scopes.ts";
import { BUILT_IN_ROLES, type BuiltInRole, ROLE_TITLES } from "../permissions/index.ts";

/** A role. */
export interface RoleView {
  /** As it is typed and stored. */
  readonly key: string;
  /** For people. */
  readonly name: string;
  /** What its holder may do. */
  readonly permissions: readonly string[];
  /** What its holder may do to what they made themselves. */
  readonly own: readonly string[];
  readonly isBuiltIn: boolean;
}

/** `roles.list` */
export const list: ReadAction<NoInput, readonly RoleView[]> = defineAction<
  NoInput,
  readonly RoleView[]
>({
  name: "roles.list",
  description: "Lists the roles that can be given: the built-in ones, and the organisation's own.",
  kind: "read",
  risk: 0,
  permission: "roles.read",
  input: noInput,
  ...onOrg,
  audit: () => ({ targets: ["roles"] }),
  async run({ inOrg }) {
    const own = await inOrg((tx) => tx.roles.list());
    return [
      ...BUILT_IN.map(([key, name]) => {
        const { permissions, own: ofOwn = [] } = BUILT_IN_ROLES[key];
        return { key, name, permissions, own: ofOwn, isBuiltIn: true };
      }),
      ...own.map(({ key, name, permissions }) => {
        return { key, name, permissions, own: [], isBuiltIn: false };
      }),
    ];
  },
});

const BUILT_IN = Object.entries(ROLE_TITLES) as readonly (readonly [BuiltInRole, string])[];
