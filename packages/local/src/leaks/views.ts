const ESCAPED_CHARACTER = /\\+(?:u([0-9a-fA-F]{4})|(["\\/]))/g
const ENCODED_BYTES = /(?:%[0-9a-fA-F]{2})+/g
const BASE64 = /[A-Za-z0-9+/_-]{16,}={0,2}/g
const NO_TEXT = /[^\P{Cc}\t\n\r]|\ufffd/u

/**
 * A line as it stands, and as a reader could read it: without JSON's escapes, also doubled ones of JSON in JSON;
 * URL-decoded; and every text in it that is in base64.
 */
export function viewsOf(line: string): string[] {
  const plain = line.includes('\\') ? unescaped(line) : line
  const decoded = plain.includes('%') ? urlDecoded(plain) : plain
  return [...new Set([line, plain, decoded, ...base64Texts(decoded)])]
}

function unescaped(text: string): string {
  return text.replace(ESCAPED_CHARACTER, (_all, hex: string | undefined, itself: string | undefined) =>
    hex === undefined ? (itself ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
  )
}

function urlDecoded(text: string): string {
  return text.replace(ENCODED_BYTES, bytes => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString())
}

function base64Texts(text: string): string[] {
  return [...text.matchAll(BASE64)].flatMap(([token]) => {
    const decoded = Buffer.from(token, 'base64').toString()
    return NO_TEXT.test(decoded) ? [] : [decoded]
  })
}
