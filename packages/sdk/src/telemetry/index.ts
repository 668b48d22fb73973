export {
  bridgeTelemetry,
  type TelemetryApi,
  type TelemetryMeter,
  type TelemetrySpan,
  type TelemetrySpanOptions,
  type TelemetryTracer,
} from "./bridge.ts";
export {
  type ActionTrace,
  type OperationTrace,
  publish,
  type RequestTrace,
  type RunTrace,
} from "./channels.ts";
export { Metrics } from "./metrics.ts";
