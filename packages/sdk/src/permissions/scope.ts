/**
 * What something is done to, or granted on. An organisation contains its projects and its connections, a
 * connection its resources; the platform contains every organisation.
 */
export type Scope =
  | { readonly kind: "platform" }
  | { readonly kind: "org"; readonly org: string }
  | { readonly kind: "project"; readonly org: string; readonly project: string }
  | { readonly kind: "connection"; readonly org: string; readonly connection: string }
  | {
      readonly kind: "resource";
      readonly org: string;
      readonly connection: string;
      readonly resource: string;
    };

/** Tells whether one scope contains another, or is it. */
export function contains(outer: Scope, inner: Scope): boolean {
  if (outer.kind === "platform") return true;
  if (inner.kind === "platform" || outer.org !== inner.org) return false;
  switch (outer.kind) {
    case "org":
      return true;
    case "project":
      return inner.kind === "project" && inner.project === outer.project;
    case "connection":
      return (
        (inner.kind === "connection" || inner.kind === "resource") &&
        inner.connection === outer.connection
      );
    case "resource":
      return (
        inner.kind === "resource" &&
        inner.connection === outer.connection &&
        inner.resource === outer.resource
      );
  }
}
