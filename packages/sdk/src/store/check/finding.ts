/** A hole in the wall between organisations, or something that would become one. */
export interface Finding {
  /** What was broken, for example `rls-missing`. */
  readonly rule: string;
  /** Where, for example `plans`. */
  readonly object: string;
  /** One sentence: what is wrong. */
  readonly message: string;
  /** `hole` lets rows through, or would; `advice` is safe today. */
  readonly severity: "hole" | "advice";
}

/** A query whose every row is a finding. */
export interface Rule {
  readonly rule: string;
  readonly message: string;
  /** Gives one column, `object`. */
  readonly sql: string;
  /** Default `hole`. */
  readonly severity?: Finding["severity"] | undefined;
}
