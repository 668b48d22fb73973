import { GCProfiler } from "node:v8";

/** Runs something and says how large the heap was at most, in MiB, with all that was there before. */
export function peakHeap(work: () => void): number {
  const profiler = new GCProfiler();
  profiler.start();
  work();
  const { heapUsed, external } = process.memoryUsage();
  const sizes = profiler.stop().statistics.map(({ beforeGC }) => {
    const { usedHeapSize, externalMemory } = beforeGC.heapStatistics;
    return usedHeapSize + externalMemory;
  });
  return Math.max(heapUsed + external, ...sizes) / 2 ** 20;
}
