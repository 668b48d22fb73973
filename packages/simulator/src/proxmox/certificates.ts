import { X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A key and a certificate for one node, with everything a client needs to trust it. */
export interface NodeCertificate {
  /** PEM. */
  readonly key: string;
  /** PEM: the node's certificate, then the cluster's own authority. */
  readonly chain: string;
  /** SHA-256 of the node's certificate, upper-case with colons. */
  readonly fingerprint: string;
}

/** The authority of a simulated cluster. */
export interface CertificateAuthority {
  /** PEM, what an installed node keeps as `pve-root-ca.pem`. */
  readonly certificate: string;
  /** Makes a certificate for a node that also answers as localhost. */
  issue(node: string, addresses: readonly string[]): Promise<NodeCertificate>;
}

/** A certificate and its key, both in PEM. */
interface Pair {
  readonly cert: string;
  readonly key: string;
}

/**
 * Makes the cluster's own authority; elliptic keys, because they take milliseconds. With a directory everything is
 * kept there, as `pve-root-ca.pem`, `NODE.pem` and their keys, and found again at the next start.
 */
export async function createAuthority(directory?: string): Promise<CertificateAuthority> {
  // Loaded here, because it takes longer than all the rest and a mistyped flag needs no certificate.
  const { generate } = await import("selfsigned");
  const notBeforeDate = new Date(Date.now() - 3_600_000);
  const common = { keyType: "ec", algorithm: "sha256", notBeforeDate } as const;
  const ca = await kept(directory, "pve-root-ca", async () => {
    const made = await generate([{ name: "commonName", value: "Proxmox Virtual Environment" }], {
      ...common,
      extensions: [
        { name: "basicConstraints", cA: true, critical: true },
        { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
      ],
    });
    return { cert: asPem(made.cert), key: asPem(made.private) };
  });
  return {
    certificate: ca.cert,
    issue: async (node, addresses) => {
      const leaf = await kept(directory, node, async () => {
        const made = await generate([{ name: "commonName", value: node }], {
          ...common,
          ca,
          extensions: [
            { name: "basicConstraints", cA: false },
            { name: "keyUsage", digitalSignature: true, critical: true },
            { name: "extKeyUsage", serverAuth: true },
            { name: "subjectAltName", altNames: alternativeNames(node, addresses) },
          ],
        });
        return { cert: asPem(made.cert), key: asPem(made.private) };
      });
      const fingerprint = new X509Certificate(leaf.cert).fingerprint256;
      return { key: leaf.key, chain: leaf.cert + ca.cert, fingerprint };
    },
  };
}

/** What was made at an earlier start, or what is made now. */
async function kept(
  directory: string | undefined,
  name: string,
  make: () => Promise<Pair>,
): Promise<Pair> {
  if (directory === undefined) return make();
  const [certFile, keyFile] = [join(directory, `${name}.pem`), join(directory, `${name}.key`)];
  if (existsSync(certFile) && existsSync(keyFile)) {
    return { cert: readFileSync(certFile, "utf8"), key: readFileSync(keyFile, "utf8") };
  }
  const pair = await make();
  mkdirSync(directory, { recursive: true });
  writeFileSync(certFile, pair.cert);
  writeFileSync(keyFile, pair.key, { mode: 0o600 });
  return pair;
}

function alternativeNames(
  node: string,
  addresses: readonly string[],
): ({ type: 2; value: string } | { type: 7; ip: string })[] {
  return [
    { type: 2, value: "localhost" },
    { type: 2, value: node },
    ...[...new Set(["127.0.0.1", "::1", ...addresses])].map((ip) => ({ type: 7 as const, ip })),
  ];
}

function asPem(text: string): string {
  return `${text.replaceAll("\r", "").trim()}\n`;
}
