import type { ProxlbFile } from "./old-settings.ts";

/** Where the settings of the INI file, which ProxLB read up to 1.0.6, went in the YAML file. */
const RENAMED: Readonly<Record<string, string>> = {
  "proxmox.api_host": "proxmox_api.hosts",
  "proxmox.api_user": "proxmox_api.user",
  "proxmox.api_pass": "proxmox_api.pass",
  "proxmox.verify_ssl": "proxmox_api.ssl_verification",
  "proxmox.api_ssl_v": "proxmox_api.ssl_verification",
  "proxmox.timeout": "proxmox_api.timeout",
  "vm_balancing.enable": "balancing.enable",
  "vm_balancing.method": "balancing.method",
  "vm_balancing.mode": "balancing.mode",
  "vm_balancing.type": "balancing.balance_types",
  "vm_balancing.balanciness": "balancing.balanciness",
  "vm_balancing.parallel_migrations": "balancing.parallel",
  "vm_balancing.maintenance_nodes": "proxmox_cluster.maintenance_nodes",
  "vm_balancing.ignore_nodes": "proxmox_cluster.ignore_nodes",
  "service.log_verbosity": "service.log_level",
  "service.schedule": "service.schedule.interval",
  "service.schedule_format": "service.schedule.format",
};

/** Tells the old INI form from YAML: the first line that says something is a section. */
export function isIni(text: string): boolean {
  const first = text.split(/\r?\n/).find((line) => !/^\s*([#;].*)?$/.test(line));
  return first !== undefined && /^\s*\[[\w-]+\]\s*$/.test(first);
}

/** Reads the INI form into the shape of the YAML form; what has no place there keeps its own name. */
export function readIni(text: string): ProxlbFile {
  const settings: Record<string, Record<string, unknown>> = {};
  const names = new Map(Object.entries(RENAMED).map(([name, path]) => [path, name]));
  let section = "";
  for (const line of text.split(/\r?\n/)) {
    section = /^\s*\[([\w-]+)\]\s*$/.exec(line)?.[1] ?? section;
    const [, key, value] = /^\s*([\w-]+)\s*[:=]\s*(.*?)\s*$/.exec(line) ?? [];
    if (key === undefined || value === undefined) continue;
    const name = `${section}.${key}`;
    const path = RENAMED[name] ?? name;
    names.set(path, name);
    place(settings, path, value);
  }
  return { settings, names };
}

function place(owner: Record<string, unknown>, path: string, value: string): void {
  const [key = "", ...rest] = path.split(".");
  if (rest.length === 0) {
    owner[key] = value;
    return;
  }
  const inner = owner[key];
  const next = typeof inner === "object" && inner !== null ? { ...inner } : {};
  owner[key] = next;
  place(next, rest.join("."), value);
}
