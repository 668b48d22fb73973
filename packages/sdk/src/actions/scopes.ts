import type { ActionScope, AuditFacts } from "./define.ts";

/** For actions on one connection: what they need the permission for; the record names it by itself. */
export const onConnection: {
  scope(input: { readonly connection?: string | undefined }): ActionScope;
  audit(input: { readonly connection?: string | undefined }): AuditFacts;
} = {
  scope: ({ connection }) => ({ kind: "connection", connection }),
  audit: () => ({ targets: [] }),
};

/** For looks at what Kappa4 keeps itself: of the connection that is named, or of all that the caller reaches. */
export const onReachable: typeof onConnection = {
  scope: ({ connection }) => ({ kind: "reachable", connection }),
  audit: ({ connection }) => ({
    targets: [connection === undefined ? "connections" : `connection:${connection}`],
  }),
};

/** For actions on the organisation as a whole. */
export const onOrg: { scope(): ActionScope } = { scope: () => ({ kind: "org" }) };

/** For what is the caller's own, whichever part of the organisation they hold something on. */
export const onAnyPart: { scope(): ActionScope } = {
  scope: () => ({ kind: "reachable", connection: undefined }),
};

/** For actions across organisations. */
export const onPlatform: { scope(): ActionScope } = { scope: () => ({ kind: "platform" }) };
