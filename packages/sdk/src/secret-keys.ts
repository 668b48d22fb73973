const SECRET_WORD = /pass|secret|token|credential|totp|otp|private|^key$|apikey|key(file)?$/i;

/** Tells whether a key's value must never be shown, going by the key's name. */
export function isSecretKey(key: PropertyKey): boolean {
  return typeof key === "string" && SECRET_WORD.test(key);
}
