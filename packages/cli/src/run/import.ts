import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { CommandInput } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { readProxlb } from "../import-proxlb/read-proxlb.ts";
import { translate } from "../import-proxlb/translate.ts";
import type { Translation } from "../import-proxlb/translation.ts";
import { writeConfig } from "../import-proxlb/write-config.ts";
import { say } from "../say.ts";
import { readText } from "./read-text.ts";

/** Translates a ProxLB configuration; what needs attention goes to stderr and into the file as comments. */
export async function runImport(input: CommandInput): Promise<number> {
  const { flags, io, positional: file = "-" } = input;
  const name = flags.text("name") ?? "proxmox";
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(name)) {
    flags.problem("name", "must be letters, digits, dots, dashes and underscores, at most 63");
  }
  flags.check();
  const settings = readProxlb(await readText(file, "FILE", io), file);
  const translation = translate(settings, { withSecrets: flags.has("with-secrets") });
  const text = writeConfig(translation, file === "-" ? "stdin" : file, name);
  const out = flags.text("out");
  if (out === undefined && io.stdout.isTTY === true) say(io.stdout, text.trimEnd());
  else if (out === undefined) io.stdout.write(text);
  else await write(input, out, text);
  say(io.stderr, summary(translation).join("\n"));
  return EXIT.ok;
}

/** Only the owner may read the file: with `--with-secrets` it holds passwords. */
async function write({ flags, io }: CommandInput, path: string, text: string): Promise<void> {
  try {
    await writeFile(resolve(io.cwd, path), text, { flag: "wx", mode: 0o600 });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const reason =
      code === "EEXIST"
        ? "exists already; remove it or name another"
        : `cannot be written (${code})`;
    flags.problem("out", `${path} ${reason}`);
    flags.check();
  }
}

function summary({
  carried,
  changed,
  dropped,
  alerts,
  unknown,
  variables,
}: Translation): readonly string[] {
  return [
    `${carried.length} settings taken over, ${Object.keys(changed).length} with a remark, ${Object.keys(dropped).length} not taken over; the comments in the file say why.`,
    ...alertLines(Object.entries(alerts)),
    ...(unknown.length === 0 ? [] : [`Unknown settings: ${unknown.join(", ")}`]),
    ...(variables.length === 0 ? [] : [`Set before use: ${variables.join(", ")}`]),
  ];
}

function alertLines(alerts: readonly (readonly [string, string])[]): readonly string[] {
  if (alerts.length === 0) return [];
  const head = "Guests will be treated differently from before; read this before the first apply:";
  return [head, ...alerts.map(([name, sentence]) => `  ${name}: ${sentence}`)];
}
