import { OldSettings, type ProxlbFile } from "./old-settings.ts";
import { translateBalancing } from "./translate-balancing.ts";
import { translateConnection } from "./translate-connection.ts";
import { Translating, type Translation } from "./translation.ts";

/** Settings without a counterpart, each with what to do instead. */
const DROPPED: Readonly<Record<string, string>> = {
  "proxmox_cluster.maintenance_nodes_schedule":
    "There is no schedule for maintenance: use the node's own maintenance mode, or --maintenance.",
  "proxmox_cluster.overprovisioning": "ProxLB never read it.",
  "balancing.enable": "Kappa4 moves guests only when somebody says apply.",
  "balancing.enforce_affinity":
    "Broken rules are repaired in every plan; `--only rules` repairs nothing else.",
  "balancing.enforce_pinning":
    "Broken pins are repaired in every plan; `--only rules` repairs nothing else.",
  "balancing.live": "Running VMs move live, containers restart; that is how Proxmox VE moves them.",
  "balancing.with_local_disks": "Local disks are copied along and counted in the cost of a move.",
  "balancing.with_conntrack_state": "Left to Proxmox VE.",
  "balancing.max_job_validation": "Each move is followed to its end, however long it takes.",
  "balancing.balance_larger_guests_first": "The plan weighs every guest by what it costs to move.",
  "balancing.psi": "Mode psi levels the pressure itself; single thresholds have no counterpart.",
  "vm_balancing.mode_option": "Loads are compared as a share of each node's size.",
  "vm_balancing.type": "See `types`.",
  "service.daemon": "`kappa4 start` runs the Slack bot; plans are made when somebody asks.",
  "service.enable_ha":
    "Any number of people may plan; two runs on one cluster exclude each other by its state.",
  "service.master_only": "A plan may be applied from any machine.",
  "service.schedule": "Run `kappa4 rebalance apply --yes` from cron or a systemd timer.",
  "service.delay": "Use the delay of the timer.",
  "service.log_level": "Set KAPPA4_DEBUG=1 to see more.",
  "service.config_version": "The new file has no version.",
  storage_balancing: "Kappa4 moves guests between nodes, not disks between storages.",
  update_service: "Kappa4 does not update nodes.",
  api: "The ProxLB API has no counterpart.",
  solver: "The planner needs no external solver.",
};

/** What to do instead where somebody had switched off what cannot be switched off here. */
const SWITCHED_OFF: Readonly<Record<string, string>> = {
  "balancing.live": "It cannot be switched off here: running VMs move live, containers restart.",
  "balancing.with_local_disks":
    "It cannot be switched off here: local disks are copied along. Give guests that shall stay the tag plb_ignore.",
  "balancing.enforce_affinity":
    "It cannot be switched off here; remove the tags plb_affinity_* and plb_anti_affinity_* where they shall not hold.",
  "balancing.enforce_pinning":
    "It cannot be switched off here; remove the tags plb_pin_* where they shall not hold.",
};

/** Options of {@link translate}. */
export interface TranslateOptions {
  /** Copy secrets instead of naming variables. Default false. */
  readonly withSecrets?: boolean | undefined;
}

/** Translates the settings of a ProxLB file. Pure. */
export function translate(file: ProxlbFile, options: TranslateOptions = {}): Translation {
  const work = new Translating(new OldSettings(file.settings), file.names);
  const connection = translateConnection(work, options.withSecrets ?? false);
  const balancing = translateBalancing(work);
  for (const [path, reason] of Object.entries(DROPPED)) {
    const isOff = work.old.boolean(path) === false;
    const switchedOff = isOff ? SWITCHED_OFF[path] : undefined;
    if (switchedOff !== undefined) work.alert(path, switchedOff);
    work.drop(path, switchedOff ?? reason);
  }
  const { carried, changed, dropped, alerts, variables } = work;
  const unknown = work.old.untaken().map((path) => work.nameOf(path));
  return { connection, balancing, carried, changed, dropped, alerts, unknown, variables };
}
