const SEED = 0x9747b28c
const M = 0x5bd1e995

/** Kafka's own hash of a record's key: 32-bit murmur2 as in the Java client's `Utils.murmur2`, as a signed integer. */
export function murmur2(key: Uint8Array): number {
  const { length } = key
  let hash = SEED ^ length
  const whole = length & ~3
  for (let at = 0; at < whole; at += 4) {
    let word = byte(key, at) | (byte(key, at + 1) << 8) | (byte(key, at + 2) << 16) | (byte(key, at + 3) << 24)
    word = Math.imul(word, M)
    word ^= word >>> 24
    word = Math.imul(word, M)
    hash = Math.imul(hash, M) ^ word
  }
  const rest = length - whole
  if (rest === 3) hash ^= byte(key, whole + 2) << 16
  if (rest >= 2) hash ^= byte(key, whole + 1) << 8
  if (rest >= 1) hash = Math.imul(hash ^ byte(key, whole), M)
  hash ^= hash >>> 13
  hash = Math.imul(hash, M)
  return hash ^ (hash >>> 15)
}

function byte(key: Uint8Array, at: number): number {
  return key[at] ?? 0
}

/** The partition of a key among `partitions`, the same as every Java producer's default. */
export function partitionOf(key: Uint8Array, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions
}
