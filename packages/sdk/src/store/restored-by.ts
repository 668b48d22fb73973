/** Who asked a run to stop that was open in a backup, as the record names it: nobody did. */
export const RESTORED_BY = "restore";
