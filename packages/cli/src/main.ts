#!/usr/bin/env node
import { main } from "./cli.ts";
import { processIo } from "./process-io.ts";

const exitCode = await main(process.argv.slice(2), processIo());
process.exitCode = exitCode;
// A second Ctrl-C leaves moves under way and sockets open; the person asked not to wait for them.
if (exitCode === 130) process.exit(exitCode);
