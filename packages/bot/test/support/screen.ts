const ESCAPE = String.fromCharCode(27);
const PARTS = new RegExp(`${ESCAPE}\\[(\\d*)([A-Z])|\\r|\\n|[^${ESCAPE}\\r\\n]+`, "g");

/** A terminal that understands what a redrawing program sends: cursor up, erase to the end of line and of screen. */
export class Screen {
  #lines: string[] = [""];
  #row = 0;
  #column = 0;

  /** What stands on the screen. */
  get text(): string {
    return this.#lines.join("\n");
  }

  write(text: string): void {
    for (const [part, count, letter] of text.matchAll(PARTS)) {
      if (letter !== undefined) this.#control(letter, Number(count || 1));
      else if (part === "\r") this.#column = 0;
      else if (part === "\n") this.#newLine();
      else this.#put(part);
    }
  }

  #newLine(): void {
    this.#row += 1;
    this.#column = 0;
    this.#lines[this.#row] ??= "";
  }

  /** Writes over what stands there already. */
  #put(part: string): void {
    const line = this.#lines[this.#row] ?? "";
    const end = this.#column + part.length;
    this.#lines[this.#row] = line.slice(0, this.#column) + part + line.slice(end);
    this.#column = end;
  }

  #control(letter: string, count: number): void {
    if (letter === "A") {
      this.#row = Math.max(0, this.#row - count);
      return;
    }
    if (letter !== "K" && letter !== "J")
      throw new Error(`The screen does not know ESC [ ${letter}.`);
    this.#lines[this.#row] = (this.#lines[this.#row] ?? "").slice(0, this.#column);
    if (letter === "J") this.#lines.length = this.#row + 1;
  }
}
