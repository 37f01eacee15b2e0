/** How many bytes `writeVarint` takes for this signed integer of 32 bits. */
export function sizeOfVarint(value: number): number {
  const zigzag = ((value << 1) ^ (value >> 31)) >>> 0
  if (zigzag < 0x80) return 1
  if (zigzag < 0x40_00) return 2
  if (zigzag < 0x20_00_00) return 3
  return zigzag < 0x10_00_00_00 ? 4 : 5
}

/** Kafka's varint: zigzag, seven bits a byte, the lowest first. Returns where the next byte goes. */
export function writeVarint(bytes: Uint8Array, value: number, at: number): number {
  let zigzag = ((value << 1) ^ (value >> 31)) >>> 0
  let next = at
  while (zigzag >= 0x80) {
    bytes[next++] = (zigzag & 0x7f) | 0x80
    zigzag >>>= 7
  }
  bytes[next++] = zigzag
  return next
}
