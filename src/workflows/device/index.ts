/** @module Devices: what computes, by the names people type. */
export {
  type Device,
  type DeviceName,
  type DeviceReport,
  deviceNames,
  deviceSchema,
  openDevice,
  reportDevice,
} from "./device.ts";
