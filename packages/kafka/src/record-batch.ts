import { crc32c } from '@node-rs/crc32'
import { sizeOfVarint, writeVarint } from './varint.ts'

/** What Kafka stores of a record. */
export interface RecordParts {
  readonly key: Buffer | null
  readonly value: Buffer | null
  /** As `encodeHeaders` makes them; none where absent. */
  readonly headers?: Buffer
}

const NO_HEADERS = Buffer.of(0)
const MAGIC = 2
/** Where the fields of a batch stand, see KIP-98. */
const LENGTH_AT = 8
const MAGIC_AT = 16
const CRC_AT = 17
const ATTRIBUTES_AT = 21
const LAST_OFFSET_AT = 23
const FIRST_TIMESTAMP_AT = 27
const MAX_TIMESTAMP_AT = 35
const PRODUCER_ID_AT = 43
const COUNT_AT = 57
const RECORDS_AT = 61
/** A record's attributes and its timestamp's delta: one byte each, both 0. */
const FIXED_BYTES = 2

/**
 * The records as one batch of magic 2 (KIP-98), uncompressed, of no transaction, all stamped `timestampMs`: byte for byte
 * what kafkajs makes of them, in one pass and one allocation.
 */
export function encodeRecordBatch(records: readonly RecordParts[], timestampMs: number): Buffer {
  let size = RECORDS_AT
  for (let index = 0; index < records.length; index += 1) {
    const body = sizeOfBody(records[index]!, index)
    size += sizeOfVarint(body) + body
  }
  const batch = Buffer.allocUnsafe(size)
  batch.fill(0, 0, RECORDS_AT)
  batch.writeInt32BE(size - LENGTH_AT - 4, LENGTH_AT)
  batch.writeInt8(MAGIC, MAGIC_AT)
  batch.writeInt32BE(records.length - 1, LAST_OFFSET_AT)
  writeTimestamp(batch, timestampMs, FIRST_TIMESTAMP_AT)
  writeTimestamp(batch, timestampMs, MAX_TIMESTAMP_AT)
  batch.fill(0xff, PRODUCER_ID_AT, PRODUCER_ID_AT + 8)
  batch.writeInt32BE(records.length, COUNT_AT)
  let at = RECORDS_AT
  for (let index = 0; index < records.length; index += 1) at = writeRecord(batch, records[index]!, { index, at })
  batch.writeUInt32BE(crc32c(batch.subarray(ATTRIBUTES_AT)), CRC_AT)
  return batch
}

/** A record's headers as they stand in a batch, in the order of the names. */
export function encodeHeaders(headers: Readonly<Record<string, string | Buffer>>): Buffer {
  const names = Object.keys(headers)
  let size = sizeOfVarint(names.length)
  for (const name of names) size += sizeOfText(name) + sizeOfText(headers[name]!)
  const bytes = Buffer.allocUnsafe(size)
  let at = writeVarint(bytes, names.length, 0)
  for (const name of names) at = writeText(bytes, headers[name]!, writeText(bytes, name, at))
  return bytes
}

function writeRecord(batch: Buffer, record: RecordParts, { index, at }: { index: number; at: number }): number {
  const { key, value, headers = NO_HEADERS } = record
  let next = writeVarint(batch, sizeOfBody(record, index), at)
  batch[next++] = 0
  batch[next++] = 0
  next = writeVarint(batch, index, next)
  next = writeBytes(batch, key, next)
  next = writeBytes(batch, value, next)
  batch.set(headers, next)
  return next + headers.length
}

function sizeOfBody({ key, value, headers = NO_HEADERS }: RecordParts, index: number): number {
  const bytes = sizeOfBytes(key?.length ?? -1) + sizeOfBytes(value?.length ?? -1)
  return FIXED_BYTES + sizeOfVarint(index) + bytes + headers.length
}

/** A length of -1 stands for null. */
function sizeOfBytes(length: number): number {
  return sizeOfVarint(length) + Math.max(0, length)
}

function writeBytes(batch: Buffer, bytes: Buffer | null, at: number): number {
  const next = writeVarint(batch, bytes?.length ?? -1, at)
  if (bytes === null) return next
  batch.set(bytes, next)
  return next + bytes.length
}

function sizeOfText(text: string | Buffer): number {
  return sizeOfBytes(Buffer.byteLength(text))
}

function writeText(bytes: Buffer, text: string | Buffer, at: number): number {
  if (typeof text !== 'string') return writeBytes(bytes, text, at)
  const next = writeVarint(bytes, Buffer.byteLength(text), at)
  return next + bytes.write(text, next)
}

function writeTimestamp(batch: Buffer, ms: number, at: number): void {
  batch.writeInt32BE(Math.floor(ms / 2 ** 32), at)
  batch.writeUInt32BE(ms % 2 ** 32, at + 4)
}
