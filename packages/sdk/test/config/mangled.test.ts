import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigInvalidError } from "@kappa4/connectors";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readConfig } from "../../src/config/index.ts";

const SECRET = "hunter2c0ffee";
const GOOD = `connections:
  gold:
    kind: proxmox
    endpoints: [https://pve1.example:8006]
    auth: { type: token, token: "automation@pve!kappa4=${SECRET}" }
    tls: &tls { verify: none }
  edge:
    kind: lxd
    endpoints: ["https://10.0.0.1:8443"]
    auth: { type: certificate, cert: "\${CERT:-plain}", key: ${SECRET} }
    tls: *tls
balancing:
  balanciness: 5
  pools: { web: { type: anti-affinity } }
  rules: [{ kind: apart, id: x, guests: [1, 2] }]
`;

/** One slip of the keyboard: a piece left out, doubled, or something typed in between. */
const slip = fc.record({
  at: fc.nat(GOOD.length),
  length: fc.nat(12),
  typed: fc.constantFrom(
    "",
    "\t",
    "\n",
    " ",
    ":",
    "-",
    "[",
    "{",
    "}",
    '"',
    "'",
    "*",
    "&",
    "!",
    "${",
    "#",
    "|",
    "? ",
    "\u0000",
    "é",
  ),
});

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "kappa4-mangled-"));
});
afterAll(() => rm(directory, { recursive: true }));

test("whatever is typed, the answer is a configuration or a list of problems that shows no secret", async () => {
  const path = join(directory, "kappa4.yaml");
  await fc.assert(
    fc.asyncProperty(fc.array(slip, { minLength: 1, maxLength: 3 }), async (slips) => {
      const text = slips.reduce(
        (good, { at, length, typed }) => good.slice(0, at) + typed + good.slice(at + length),
        GOOD,
      );
      await writeFile(path, text);
      const outcome = await readConfig(path, { variables: {} }).catch((error: unknown) => error);
      if (!(outcome instanceof Error)) return;
      expect(outcome).toBeInstanceOf(ConfigInvalidError);
      expect(outcome.message).not.toContain(SECRET);
      expect(outcome.message).toContain("kappa4.yaml");
    }),
    { numRuns: 600, seed: 7 },
  );
});
