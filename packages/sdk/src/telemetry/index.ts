export {
  bridgeTelemetry,
  type TelemetryApi,
  type TelemetryCounter,
  type TelemetryHistogram,
  type TelemetryMeter,
  type TelemetrySpan,
  type TelemetrySpanOptions,
  type TelemetryTracer,
} from "./bridge.ts";
export type {
  ActionTrace,
  OperationTrace,
  RequestTrace,
  RunTrace,
} from "./channels.ts";
