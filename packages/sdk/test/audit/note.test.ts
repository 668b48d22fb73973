import { describe, expect, test } from "vitest";
import {
  createNoteSigner,
  createNoteVerifier,
  newAuditKey,
  readCheckpoint,
  signCheckpoint,
} from "../../src/audit/index.ts";

describe("signed notes", () => {
  const pem = newAuditKey();
  const signer = createNoteSigner("kappa4.test", pem);
  const verifier = createNoteVerifier(signer.verifierKey);

  test("are those of the format: the example of its Go package opens", () => {
    const key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const text =
      "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    const signature =
      "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    expect(createNoteVerifier(key).open(`${text}\n${signature}`)).toBe(text);
    expect(createNoteVerifier(key).open(`${text}and so on\n\n${signature}`)).toBeUndefined();
  });

  test("open with the key that signed them, and with no other", () => {
    const note = signer.sign("hello\n");
    expect(note).toMatch(/^hello\n\n— kappa4\.test [A-Za-z0-9+/]{90,}=*\n$/);
    expect(verifier.open(note)).toBe("hello\n");
    const other = createNoteSigner("kappa4.test", newAuditKey());
    expect(createNoteVerifier(other.verifierKey).open(note)).toBeUndefined();
    expect(verifier.open(note.replace("hello", "hullo"))).toBeUndefined();
    expect(verifier.open(note.replace("kappa4.test", "kappa5.test"))).toBeUndefined();
    expect(verifier.open("hello\n")).toBeUndefined();
  });

  test("may have several signatures", () => {
    const other = createNoteSigner("witness", newAuditKey());
    const both = signer.sign("hello\n") + other.sign("hello\n").slice("hello\n\n".length);
    expect(verifier.open(both)).toBe("hello\n");
    expect(createNoteVerifier(other.verifierKey).open(both)).toBe("hello\n");
  });

  test("need a key, and a name without spaces", () => {
    expect(() => createNoteSigner("a b", pem)).toThrow("neither spaces");
    expect(() => createNoteSigner("a", "nonsense")).toThrow("not an Ed25519 private key");
    expect(() => createNoteVerifier("a+b+c")).toThrow("no key to verify with");
    const damaged = signer.verifierKey.replace(/.{4}$/, "AAAA");
    expect(() => createNoteVerifier(damaged)).toThrow("no key to verify with");
  });

  test("checkpoints come back as they were", () => {
    const checkpoint = {
      org: "org_1",
      seq: 1234,
      hash: "9f2c11ab".repeat(8),
      epoch: 2,
      at: new Date("2026-11-21T12:00:00Z"),
    };
    const note = signCheckpoint(checkpoint, signer);
    expect(note.split("\n").slice(0, 5)).toEqual([
      "kappa4.audit/org_1",
      "1234",
      "nywRq58sEaufLBGrnywRq58sEaufLBGrnywRq58sEas=",
      "epoch 2",
      "at 2026-11-21T12:00:00.000Z",
    ]);
    expect(readCheckpoint(note)).toEqual(checkpoint);
    for (const line of ["org_1", "1234", "epoch 2", "at 2026"]) {
      expect(readCheckpoint(note.replace(line, "x"))).not.toEqual(checkpoint);
    }
  });
});
