/** The clock of the workspace: the given one, plus what was added with `advance`. */
export class SlackTime {
  readonly #wall: () => number;
  #ahead = 0;

  constructor(wall: () => number) {
    this.#wall = wall;
  }

  /** Milliseconds since the epoch, for everything that expires. */
  now(): number {
    return this.#wall() + this.#ahead;
  }

  /** The given clock alone, for signatures: the app compares them with its own clock. */
  wall(): number {
    return this.#wall();
  }

  advance(ms: number): void {
    this.#ahead += ms;
  }
}
