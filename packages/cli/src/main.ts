#!/usr/bin/env node
import { main } from "./cli.ts";
import { processIo } from "./process-io.ts";

// Whoever has Node write a report of this process gets one without the secrets of its environment.
process.report.excludeEnv = true;

const exitCode = await main(process.argv.slice(2), processIo());
process.exitCode = exitCode;
// A second Ctrl-C leaves moves under way and sockets open; the person asked not to wait for them.
if (exitCode === 130) process.exit(exitCode);
