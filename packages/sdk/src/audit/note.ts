import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import { Kappa4Error } from "@kappa4/connectors";

/** Signs notes under a name. */
export interface NoteSigner {
  readonly name: string;
  /** First four bytes of the hash of name and key, as 8 hexadecimal digits. */
  readonly keyId: string;
  /** What others check the signatures with, as one line. */
  readonly verifierKey: string;
  /** Returns the note with its signature below it. The text ends in a line break and has no empty line. */
  sign(text: string): string;
}

/** Checks notes that one key has signed. */
export interface NoteVerifier {
  readonly name: string;
  readonly keyId: string;
  /** Returns the text of a note that this key has signed; undefined when it has not. */
  open(note: string): string | undefined;
}

/** Ed25519 in the signed-note format of C2SP. */
const ED25519 = 1;
const KEY_BYTES = 32;
/** What stands before the 32 bytes of a public key in its DER form. */
const DER_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

/**
 * Makes a new key to sign checkpoints with, as PEM: to be kept outside the database that it vouches for.
 */
export function newAuditKey(): string {
  const { privateKey } = generateKeyPairSync("ed25519");
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** Signs with an Ed25519 key in PEM. Throws `invalid_argument` when it is none. */
export function createNoteSigner(name: string, pem: string): NoteSigner {
  if (name === "" || /[\s+]/.test(name)) {
    throw new Kappa4Error("invalid_argument", "The name of a key has neither spaces nor a plus.");
  }
  const key = readPrivateKey(pem);
  const publicKey = createPublicKey(key).export({ type: "spki", format: "der" });
  const raw = publicKey.subarray(DER_PREFIX.length);
  const typed = Buffer.concat([Buffer.of(ED25519), raw]);
  const id = keyIdOf(name, typed);
  return {
    name,
    keyId: id.toString("hex"),
    verifierKey: `${name}+${id.toString("hex")}+${typed.toString("base64")}`,
    sign(text) {
      const signature = Buffer.concat([id, sign(null, Buffer.from(text), key)]);
      return `${text}\n— ${name} ${signature.toString("base64")}\n`;
    },
  };
}

/** Reads the line that a signer gives away. Throws `invalid_argument` when it is none, or damaged. */
export function createNoteVerifier(verifierKey: string): NoteVerifier {
  const [name = "", keyId = "", ...rest] = verifierKey.trim().split("+");
  const typed = Buffer.from(rest.join("+"), "base64");
  const isWhole = typed.length === KEY_BYTES + 1 && typed[0] === ED25519;
  const id = keyIdOf(name, typed);
  if (name === "" || !isWhole || id.toString("hex") !== keyId) {
    throw new Kappa4Error(
      "invalid_argument",
      "This is no key to verify with: it has to be one line of the form name+id+key.",
    );
  }
  const der = Buffer.concat([DER_PREFIX, typed.subarray(1)]);
  const key = createPublicKey({ key: der, format: "der", type: "spki" });
  return { name, keyId, open: (note) => openNote(note, { name, id, key }) };
}

function openNote(
  note: string,
  { name, id, key }: { readonly name: string; readonly id: Buffer; readonly key: KeyObject },
): string | undefined {
  const split = note.lastIndexOf("\n\n");
  if (split < 0 || !note.endsWith("\n")) return undefined;
  const text = note.slice(0, split + 1);
  const lines = note.slice(split + 2, -1).split("\n");
  const isSigned = lines.some((line) => {
    const [dash, signer, encoded = "", ...more] = line.split(" ");
    if (dash !== "—" || signer !== name || more.length > 0) return false;
    const signature = Buffer.from(encoded, "base64");
    if (signature.toString("base64") !== encoded || !signature.subarray(0, 4).equals(id)) {
      return false;
    }
    return verify(null, Buffer.from(text), key, signature.subarray(4));
  });
  return isSigned ? text : undefined;
}

function keyIdOf(name: string, typed: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(`${name}\n`), typed]);
  return hash("sha256", named, "buffer").subarray(0, 4);
}

function readPrivateKey(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === "ed25519") return key;
  } catch {
    // The reason would say what is in the file.
  }
  throw new Kappa4Error(
    "invalid_argument",
    "The key to sign with is not an Ed25519 private key in PEM.",
  );
}
