import type { ActionScope, AuditFacts } from "./define.ts";

/** For actions on one connection: what they need the permission for, and what is recorded. */
export const onConnection: {
  scope(input: { readonly connection?: string | undefined }): ActionScope;
  audit(input: { readonly connection?: string | undefined }): AuditFacts;
} = {
  scope: ({ connection }) => ({ kind: "connection", connection }),
  audit: ({ connection = "the only one" }) => ({ targets: [`connection:${connection}`] }),
};

/** For actions on one connection, or where none is named on all that the organisation has. */
export const onConnectionOrOrg: typeof onConnection = {
  scope: ({ connection }) =>
    connection === undefined ? { kind: "org" } : { kind: "connection", connection },
  audit: ({ connection }) => ({
    targets: [connection === undefined ? "connections" : `connection:${connection}`],
  }),
};

/** For actions on the organisation as a whole. */
export const onOrg: { scope(): ActionScope } = { scope: () => ({ kind: "org" }) };

/** For actions across organisations. */
export const onPlatform: { scope(): ActionScope } = { scope: () => ({ kind: "platform" }) };
