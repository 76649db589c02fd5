// Keeps payloads: packed bytes that are sent once, ahead of the messages that need them; common.js unpacks both together.

const MOST = 8;

/** @param {MountArguments} args */
export default ({ data }) => {
  const payloads = (globalThis.closedLoopPayloads ??= new Map());
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const { payload_name: name } = JSON.parse(new TextDecoder().decode(data.subarray(4, 4 + view.getUint32(0, true))));
  payloads.delete(name);
  payloads.set(name, data);
  // The scenes' never changes, so it would not come again.
  const [oldest] = [...payloads.keys()].filter((old) => old !== "scenes");
  if (payloads.size > MOST) payloads.delete(oldest);
  window.dispatchEvent(new CustomEvent("closedloop:payload"));
};
