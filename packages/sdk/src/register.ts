import type { Action } from "./actions/define.ts";
import { type ApprovalsActions, approvals } from "./approving/actions/index.ts";
import { type AuditActions, audit } from "./auditing/index.ts";
import { type ClusterActions, cluster } from "./cluster/index.ts";
import { type ConfigActions, config } from "./configuring/index.ts";
import { type EventsActions, events } from "./events/index.ts";
import { type GuestsActions, guests } from "./guests/index.ts";
import { type InstancesActions, instances } from "./instances/index.ts";
import { type LogsActions, logs } from "./logs/index.ts";
import { type MaintenanceActions, maintenance } from "./maintenance/index.ts";
import { type MigrationsActions, migrations } from "./migrations/index.ts";
import { type NodesActions, nodes } from "./nodes/index.ts";
import { type OrgsActions, orgs } from "./orgs/index.ts";
import { type PlansActions, plans } from "./plans/actions/index.ts";
import { type PreferencesActions, preferences } from "./preferences/index.ts";
import { type ProjectsActions, projects } from "./projects/index.ts";
import { type RebalanceActions, rebalance } from "./rebalance/actions/index.ts";
import { type RolesActions, roles } from "./roles/index.ts";
import { type RulesActions, rules } from "./rules/index.ts";
import { type RunsActions, runs } from "./runs/actions/index.ts";
import { type ServiceActions, service } from "./service/index.ts";
import { type GrantsActions, grants } from "./users/grants/index.ts";
import { type UsersActions, users } from "./users/index.ts";

/** Everything that Kappa4 can do, by noun and verb. */
export interface Actions {
  /** Levels clusters: plan, look, apply. */
  readonly rebalance: RebalanceActions;
  /** A cluster as a whole. */
  readonly cluster: ClusterActions;
  /** The nodes of a cluster. */
  readonly nodes: NodesActions;
  /** The guests of a cluster. */
  readonly guests: GuestsActions;
  /** The placement rules of a cluster. */
  readonly rules: RulesActions;
  /** What was worked out, and what has become of it. */
  readonly plans: PlansActions;
  /** What is being carried out, and was. */
  readonly runs: RunsActions;
  /** What waits for somebody's yes. */
  readonly approvals: ApprovalsActions;
  /** The people of the organisation. */
  readonly users: UsersActions;
  /** Who holds which role on what. */
  readonly grants: GrantsActions;
  /** What can be given to people. */
  readonly roles: RolesActions;
  /** Parts of an organisation on which roles can be given. */
  readonly projects: ProjectsActions;
  /** How the caller wants to be spoken to. */
  readonly preferences: PreferencesActions;
  /** One's own organisation, and for the platform's admins all of them. */
  readonly orgs: OrgsActions;
  /** The power of instances. */
  readonly instances: InstancesActions;
  /** Nodes that are to be empty. */
  readonly maintenance: MaintenanceActions;
  /** The moves that were made. */
  readonly migrations: MigrationsActions;
  /** What Kappa4 was started with, and what was changed since. */
  readonly config: ConfigActions;
  /** What has happened, and happens. */
  readonly events: EventsActions;
  /** The record of who did what. */
  readonly audit: AuditActions;
  /** What this process has logged. */
  readonly logs: LogsActions;
  /** Whether anything new may begin. */
  readonly service: ServiceActions;
}

/** The one register. */
export const actions: Actions = {
  rebalance,
  cluster,
  nodes,
  guests,
  rules,
  plans,
  runs,
  approvals,
  users,
  grants,
  roles,
  projects,
  preferences,
  orgs,
  instances,
  maintenance,
  migrations,
  config,
  events,
  audit,
  logs,
  service,
};

/** Every action by its name. */
export const actionsByName: ReadonlyMap<string, Action> = new Map(
  Object.values(actions)
    .flatMap((verbs: object): readonly Action[] => Object.values(verbs))
    .map((action) => [action.name, action]),
);
