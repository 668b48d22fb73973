import { X509Certificate } from "node:crypto";

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

/** Makes the cluster's own authority; elliptic keys, because they take milliseconds. */
export async function createAuthority(): Promise<CertificateAuthority> {
  // Loaded here, because it takes longer than all the rest and a mistyped flag needs no certificate.
  const { generate } = await import("selfsigned");
  const notBeforeDate = new Date(Date.now() - 3_600_000);
  const ca = await generate([{ name: "commonName", value: "Proxmox Virtual Environment" }], {
    keyType: "ec",
    algorithm: "sha256",
    notBeforeDate,
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const certificate = asPem(ca.cert);
  return {
    certificate,
    issue: async (node, addresses) => {
      const leaf = await generate([{ name: "commonName", value: node }], {
        keyType: "ec",
        algorithm: "sha256",
        notBeforeDate,
        ca: { key: ca.private, cert: ca.cert },
        extensions: [
          { name: "basicConstraints", cA: false },
          { name: "keyUsage", digitalSignature: true, critical: true },
          { name: "extKeyUsage", serverAuth: true },
          { name: "subjectAltName", altNames: alternativeNames(node, addresses) },
        ],
      });
      const own = asPem(leaf.cert);
      const fingerprint = new X509Certificate(own).fingerprint256;
      return { key: asPem(leaf.private), chain: own + certificate, fingerprint };
    },
  };
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
