#!/usr/bin/env node
import { PROXMOX_HELP, type ProxmoxCommand, readProxmoxFlags } from "./proxmox/cli/flags.ts";
import { startProxmox } from "./proxmox/start.ts";
import { readSlackFlags, runSlack, SLACK_HELP } from "./slack/command.ts";
import type { SlackOptions } from "./slack/options.ts";

const HELP = `Usage: kappa4-simulator KIND [options]

Kinds:
  proxmox    a Proxmox VE cluster
  slack      a Slack workspace

See kappa4-simulator KIND --help.
`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const [kind, ...rest] = args;
  if (kind === "--help" || kind === "-h") return print(HELP);
  if (kind !== "proxmox" && kind !== "slack") {
    const given = kind === undefined ? "No kind was given" : `There is no kind "${kind}"`;
    return complain(`${given}; choose proxmox or slack.`);
  }
  try {
    if (kind === "slack") {
      const options = readSlackFlags(rest);
      return options ? await runSlackKind(options) : print(SLACK_HELP);
    }
    const command = readProxmoxFlags(rest);
    return command ? await runProxmox(command) : print(PROXMOX_HELP);
  } catch (error) {
    return complain(describe(error));
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!("code" in error) || error.code !== "EADDRINUSE") return error.message;
  return `${error.message.replace("listen EADDRINUSE: ", "")}; choose another port with --listen.`;
}

async function runProxmox(command: ProxmoxCommand): Promise<number> {
  const simulator = await startProxmox(command.options);
  for (const fault of command.faults) simulator.faults.add(fault);
  print(`listening ${simulator.url} sha256=${simulator.fingerprint}\n`);
  await stopped();
  await simulator.close();
  return 0;
}

async function runSlackKind(options: SlackOptions): Promise<number> {
  await runSlack(options, {
    input: process.stdin,
    print: (line) => print(`${line}\n`),
    complain,
    stopped: stopped(),
  });
  return 0;
}

function stopped(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function complain(message: string): number {
  process.stderr.write(`${message}\n`);
  return 2;
}
