/** What a plan is identified by. Two plans with the same hash do the same, to the same, under the same rules. */
export interface PlanIdentity {
  readonly org: string;
  /** The action that carries it out. */
  readonly action: string;
  /** The connection and the cluster behind it, by what identifies them at the provider. */
  readonly cluster: { readonly connection: string; readonly identity: string };
  /** Versions of what made it. */
  readonly engine: string;
  readonly options: unknown;
  /** What it does, in order. */
  readonly steps: readonly unknown[];
  /** Names of protected pools and tags that it was judged by. */
  readonly protected: readonly string[];
  /** Digest of what it depends on: where guests are, states of nodes, rules. Not of load. */
  readonly facts: string;
}

const SCHEMA = 1;

/** Makes the value that a plan's hash is taken of, as canonical JSON: the same whatever the order of names was. */
export function planHashInput(plan: PlanIdentity): Readonly<Record<string, unknown>> {
  const { org, action, cluster, engine, options, steps, facts } = plan;
  const names = [...new Set(plan.protected)].sort();
  return { schema: SCHEMA, org, action, cluster, engine, options, steps, protected: names, facts };
}
