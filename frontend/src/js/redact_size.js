// How large a picture says it is, read from its first bytes: nothing is unfolded to find out.
const HEAD = 262_144;

export async function sizeOf(file) {
  const bytes = new DataView(await file.slice(0, HEAD).arrayBuffer());
  if (bytes.byteLength < 30) return null;
  if (bytes.getUint32(0) === 0x89504e47) return { w: bytes.getUint32(16), h: bytes.getUint32(20) };
  if (bytes.getUint16(0) === 0xffd8) return ofJpeg(bytes);
  if (bytes.getUint32(0) === 0x52494646 && bytes.getUint32(8) === 0x57454250) return ofWebp(bytes);
  return null;
}

function ofJpeg(bytes) {
  let at = 2;
  while (at + 9 < bytes.byteLength) {
    if (bytes.getUint8(at) !== 0xff) return null;
    const marker = bytes.getUint8(at + 1);
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) return { w: bytes.getUint16(at + 7), h: bytes.getUint16(at + 5) };
    at += 2 + bytes.getUint16(at + 2);
  }
  return null;
}

function ofWebp(bytes) {
  const kind = String.fromCharCode(...new Uint8Array(bytes.buffer, 12, 4));
  const three = (at) => bytes.getUint8(at) | (bytes.getUint8(at + 1) << 8) | (bytes.getUint8(at + 2) << 16);
  if (kind === "VP8X") return { w: three(24) + 1, h: three(27) + 1 };
  if (kind === "VP8 ") return { w: bytes.getUint16(26, true) & 0x3fff, h: bytes.getUint16(28, true) & 0x3fff };
  if (kind !== "VP8L") return null;
  const packed = bytes.getUint32(21, true);
  return { w: (packed & 0x3fff) + 1, h: ((packed >> 14) & 0x3fff) + 1 };
}
