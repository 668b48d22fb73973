import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

it("docs/audit.md shows a program that exports the record and verifies it", () => {
  const page = readFileSync(new URL("../docs/audit.md", import.meta.url), "utf8");
  const [, program = ""] = /```ts\n(.*?)```/s.exec(page) ?? [];
  const cwd = mkdtempSync(join(fileURLToPath(new URL(".", import.meta.url)), ".trial-"));
  try {
    writeFileSync(join(cwd, "program.ts"), program);
    const lab =
      "{ kind: proxmox, endpoints: [https://127.0.0.1:1], auth: { type: token, token: a@pve!b=c }, tls: { verify: system } }";
    writeFileSync(join(cwd, "kappa4.yaml"), `connections: { lab: ${lab} }\n`);
    const args = ["--conditions=@kappa4/source", "program.ts"];
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd, encoding: "utf8" });
    expect(stderr).not.toContain("Error");
    expect({ status, stdout }).toEqual({ status: 0, stdout: "intact\n" });
    expect(readFileSync(join(cwd, "record.jsonl"), "utf8")).toContain("kappa4-audit-1");
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
});
