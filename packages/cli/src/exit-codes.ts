/** What the command line ends with, so that scripts can tell what happened. */
export const EXIT = {
  /** Done, or nothing to do. */
  ok: 0,
  /** Something failed before anything was changed, mostly the line or the credentials. */
  error: 1,
  /** A flag, the configuration or a file is wrong; nothing was attempted. */
  usage: 2,
  /** At least one move failed, nobody knows how one ended, or something else stood in the way of the rest; or an audit record is not what was sealed. */
  failed: 3,
  /** The cluster is not as the plan found it; what was started before that was seen is done. */
  stale: 4,
  /** Somebody else cancelled the run. */
  stopped: 5,
  /** Only with `--detailed-exit-code`: moves are planned. */
  planned: 10,
  /**
   * Something is wanted and not to be had: no node has room, an apply has left a guest on a node to be emptied or
   * could not reach all that was asked, or, with `--detailed-exit-code`, no move helps.
   */
  stuck: 11,
  /** Stopped by Ctrl-C. */
  cancelled: 130,
} as const;
