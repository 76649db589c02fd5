// Keeps arrays that travel once, ahead of the messages that need them; common.js unpacks both together.

const MOST = 8;

export default ({ data }) => {
  const parcels = (globalThis.closedLoopParcels ??= new Map());
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const { parcel_name: name } = JSON.parse(new TextDecoder().decode(data.subarray(4, 4 + view.getUint32(0, true))));
  parcels.delete(name);
  parcels.set(name, data);
  // The scenes' never changes, so it would not come again.
  if (parcels.size > MOST) parcels.delete([...parcels.keys()].find((old) => old !== "scenes"));
  window.dispatchEvent(new CustomEvent("closedloop:parcel"));
};
