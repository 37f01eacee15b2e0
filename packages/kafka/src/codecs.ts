import { promisify } from 'node:util'
import { zstdCompress, zstdDecompress } from 'node:zlib'
import kafkajs from 'kafkajs'
import { kindsOf } from './error-facts.ts'

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)

/** Makes zstd batches readable; gzip is kafkajs's own. Snappy and lz4 would need native code: see `saysUnreadable`. */
export function registerCodecs(): void {
  kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => ({
    compress: (encoder: { buffer: Buffer }) => compress(encoder.buffer),
    decompress: (buffer: Buffer) => decompress(buffer),
  })
}

/** A batch is compressed in a way that this process cannot read: trying again cannot help, until somebody changes something. */
export function saysUnreadable(error: unknown): boolean {
  return kindsOf(error).has('KafkaJSNotImplemented')
}
