import { readFileSync } from "node:fs";
import { readFlags } from "../../read-flags.ts";
import { parseFault } from "../fault-text.ts";
import type { Fault } from "../faults.ts";
import { generateCluster } from "../generate-cluster.ts";
import type { EntryNodeOptions, ProxmoxSimulatorOptions } from "../options.ts";
import { parseSnapshotFile } from "../state/snapshot-file.ts";

/** What the command line asks for. */
export interface ProxmoxCommand {
  readonly options: ProxmoxSimulatorOptions;
  readonly faults: readonly Fault[];
}

/** Text of `--help`. */
export const PROXMOX_HELP: string = `Usage: kappa4-simulator proxmox [options]

Stands in for a Proxmox VE cluster over HTTPS. Prints one line when it is ready:
  listening https://127.0.0.1:18006 sha256=AA:BB:...

  --listen HOST:PORT        where the first node answers; port 0 takes a free one
                            (default 127.0.0.1:18006)
  --entry NODE=PORT         a further port on which that node answers; may be given several times
  --cert-dir DIR            keeps the certificates there, so that they are the same at each start;
                            DIR/pve-root-ca.pem is the authority to trust (default: new ones)
  --version VERSION         8.4, 9.0, 9.1, 9.2, or with a point release (default 9.1)
  --time-scale N            simulated seconds per second (default 1)
  --seed N                  what is left to chance follows from it (default 1)

The cluster (default: four nodes, 24 guests, out of balance):
  --snapshot FILE           a cluster-snapshot, version 1
  --resources FILE          an answer of GET /cluster/resources
  --ha-rules FILE           besides --resources: an answer of GET /cluster/ha/rules
  --ha-resources FILE       besides --resources: an answer of GET /cluster/ha/resources
  --nodes N --guests N      a generated cluster of any size
  --offline NODE            is down; may be given several times
  --maintenance NODE        is in maintenance mode; may be given several times

Who may come in:
  --password PASSWORD       of root@pam (default "simulator")
  --token ID=SECRET         an API token that may do everything, for example automation@pve!kappa4=UUID
  --read-only-token ID=SECRET

  --fault KIND[,KEY=VALUE]  makes something go wrong; may be given several times, for example
                            status,status=503,method=GET,path=/cluster/resources,times=2
                            cut-after-accept,method=POST,path=/nodes/*/qemu/*/migrate
                            task-fails,guest=102,phase=memory
  --help                    shows this text
`;

/** Reads the flags after `proxmox`; undefined when help was asked for. Throws Error with one clear message. */
export function readProxmoxFlags(args: readonly string[]): ProxmoxCommand | undefined {
  const values = readFlags(args, {
    listen: { type: "string" },
    entry: { type: "string", multiple: true },
    "cert-dir": { type: "string" },
    version: { type: "string" },
    "time-scale": { type: "string" },
    seed: { type: "string" },
    snapshot: { type: "string" },
    resources: { type: "string" },
    "ha-rules": { type: "string" },
    "ha-resources": { type: "string" },
    nodes: { type: "string" },
    guests: { type: "string" },
    offline: { type: "string", multiple: true },
    maintenance: { type: "string", multiple: true },
    password: { type: "string" },
    token: { type: "string", multiple: true },
    "read-only-token": { type: "string" },
    fault: { type: "string", multiple: true },
    help: { type: "boolean", short: "h" },
  });
  if (values.help) return undefined;
  const seed = number("--seed", values.seed, 0) ?? 1;
  const generated = generatedOf(values.nodes, values.guests, seed);
  const sources = [values.snapshot, values.resources, generated].filter((s) => s !== undefined);
  if (sources.length > 1) {
    throw new RangeError("Give only one of --snapshot, --resources and --nodes/--guests.");
  }
  const readOnly = values["read-only-token"];
  const options: ProxmoxSimulatorOptions = {
    ...listenOf(values.listen ?? "127.0.0.1:18006"),
    entryNodes: (values.entry ?? []).map(entryOf),
    certificateDirectory: values["cert-dir"],
    version: values.version,
    timeScale: number("--time-scale", values["time-scale"], 0.001) ?? 1,
    seed,
    snapshot: values.snapshot === undefined ? generated : snapshotOf(values.snapshot),
    resources: recorded("--resources", values.resources),
    haRules: recorded("--ha-rules", values["ha-rules"]),
    haResources: recorded("--ha-resources", values["ha-resources"]),
    offline: values.offline,
    maintenance: values.maintenance,
    password: values.password,
    tokens: (values.token ?? []).map((text) => tokenOf("--token", text)),
    readOnlyToken: readOnly === undefined ? undefined : tokenOf("--read-only-token", readOnly),
  };
  return { options, faults: (values.fault ?? []).map(parseFault) };
}

function generatedOf(
  nodes: string | undefined,
  guests: string | undefined,
  seed: number,
): ProxmoxSimulatorOptions["snapshot"] {
  if (nodes === undefined && guests === undefined) return undefined;
  return generateCluster({
    nodes: number("--nodes", nodes, 1),
    guests: number("--guests", guests, 0),
    seed,
  });
}

function recorded(name: string, path: string | undefined): unknown {
  return path === undefined ? undefined : readJson(name, path);
}

function snapshotOf(path: string): ProxmoxSimulatorOptions["snapshot"] {
  return parseSnapshotFile(readJson("--snapshot", path));
}

function listenOf(text: string): { readonly host: string; readonly port: number } {
  const match = /^\[?([^\]]+?)\]?:(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  if (!match?.[1] || port > 65_535) {
    throw new RangeError(`--listen takes HOST:PORT, for example 127.0.0.1:18006, not "${text}".`);
  }
  return { host: match[1], port };
}

function entryOf(text: string): EntryNodeOptions {
  const match = /^([^=]+)=(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  if (!match?.[1] || port > 65_535) {
    throw new RangeError(`--entry takes NODE=PORT, for example pve2=18007, not "${text}".`);
  }
  return { node: match[1], port };
}

// The secret is not repeated: messages end up in logs.
function tokenOf(name: string, text: string): { readonly id: string; readonly secret: string } {
  const match = /^([^!=\s]+@[^!=\s]+![^=\s]+)=(.+)$/.exec(text);
  if (!match?.[1] || !match[2]) {
    throw new RangeError(`${name} takes ID=SECRET, for example automation@pve!kappa4=UUID.`);
  }
  return { id: match[1], secret: match[2] };
}

function number(name: string, text: string | undefined, minimum: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value < minimum) {
    throw new RangeError(`${name} takes a number from ${minimum}, not "${text}".`);
  }
  return value;
}

function readJson(name: string, path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new RangeError(`${name}: the file "${path}" cannot be read.`, { cause: error });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RangeError(`${name}: the file "${path}" is no JSON.`, { cause: error });
  }
}
