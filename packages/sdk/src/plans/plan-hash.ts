import { createHash } from "node:crypto";
import canonicalize from "canonicalize";

/** What a hash is made of. */
export interface HashedPlan {
  readonly org: string;
  readonly action: string;
  readonly connection: string;
  readonly cluster: string;
  /** What is approved, and nothing else. */
  readonly binding: unknown;
}

/** Rises when the meaning of a hash changes, so that no vote is carried from one meaning to another. */
export const SCHEMA_VERSION = 2;

/**
 * Returns the hash of a plan that is to be carried out in a way of its own: what people approve then is both. That of
 * the plan itself where nothing is said of how.
 */
export function orderHash(plan: string, options: Readonly<Record<string, unknown>> = {}): string {
  const said = Object.entries(options).filter(([, value]) => value !== undefined);
  if (said.length === 0) return plan;
  const text = canonicalize({ version: SCHEMA_VERSION, plan, options: Object.fromEntries(said) });
  return createHash("sha256")
    .update(text ?? "")
    .digest("hex");
}

/** Returns the SHA-256 of a plan's canonical JSON (RFC 8785), hexadecimal: what people approve, to the letter. */
export function planHash({ org, action, connection, cluster, binding }: HashedPlan): string {
  // What is undefined would be left out here and be null elsewhere.
  const plain: unknown = JSON.parse(JSON.stringify(binding ?? null));
  const text = canonicalize({
    version: SCHEMA_VERSION,
    org,
    action,
    connection,
    cluster,
    binding: plain,
  });
  return createHash("sha256")
    .update(text ?? "")
    .digest("hex");
}
