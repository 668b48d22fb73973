import { configInvalid } from "@kappa4/sdk";
import { LineCounter, parseDocument } from "yaml";
import { isSection, type ProxlbFile, type Section } from "./old-settings.ts";
import { isIni, readIni } from "./read-ini.ts";

const SECTIONS = [
  "proxmox_api",
  "proxmox_cluster",
  "balancing",
  "service",
  "vm_balancing",
  "proxmox",
];

/** Reads a ProxLB file: YAML, or the INI form up to 1.0.6. Throws `config_invalid` when it is neither. */
export function readProxlb(text: string, source: string): ProxlbFile {
  const body = text.replace(/^\u{feff}/u, "");
  if (body.trim() === "") throw refusal(source, "is empty; give a ProxLB configuration");
  const file = isIni(body)
    ? readIni(body)
    : { settings: readYaml(body, source), names: new Map<string, string>() };
  if (SECTIONS.some((name) => name in file.settings)) return file;
  const isOurs = "connections" in file.settings;
  const message = isOurs
    ? "is a configuration of Kappa4 already; there is nothing to import"
    : `holds none of the sections of ProxLB, such as ${SECTIONS.slice(0, 3).join(", ")}`;
  throw refusal(source, message);
}

function readYaml(body: string, source: string): Section {
  const lineCounter = new LineCounter();
  const document = parseDocument(body, { lineCounter, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    const at = `${source}:${line}:${col}`;
    const message = "is not valid YAML here, and not the INI form of ProxLB either";
    throw configInvalid(source, [{ path: "", message, at }]);
  }
  const value: unknown = document.toJS();
  if (isSection(value)) return value;
  throw refusal(source, "is not a ProxLB configuration: it must be a map of sections");
}

function refusal(source: string, message: string): Error {
  return configInvalid(source, [{ path: "", message }]);
}
