import type { Frame, Owner } from './cpu-profile.ts'

const ROW = 17
const TOP = 44
/** A frame that took a smaller part of all is not drawn. */
const LEAST = 0.0005

const COLOURS: Readonly<Record<Owner, string>> = {
  ours: '#f2a65a',
  library: '#8fb8de',
  node: '#a8d5a2',
  native: '#cfc6d8',
}

const WORDS: Readonly<Record<Owner, string>> = {
  ours: 'Hookline',
  library: 'libraries',
  node: 'Node',
  native: 'V8 and the system',
}

interface Box {
  readonly frame: Frame
  readonly depth: number
  /** Both as parts of the whole. */
  readonly left: number
  readonly width: number
}

/** A page that stands alone, what is called below its caller: as wide as it took, and a click makes a frame all wide. */
export function flameGraph(root: Frame, title: string): string {
  const boxes = [...boxesOf(root, 0, 0, root.totalUs)]
  const height = TOP + (Math.max(0, ...boxes.map(({ depth }) => depth)) + 1) * ROW + 8
  return `<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="${height}" font-family="monospace" font-size="11">
<style>.f{cursor:pointer}.f:hover rect{stroke:#000}</style>
<rect width="100%" height="100%" fill="#fff"/>
<text x="8" y="16" font-size="13" font-weight="bold">${escaped(title)}: ${msOf(root.totalUs)} of work</text>
${legend()}
${boxes.map(box => drawn(box, root.totalUs)).join('\n')}
<script><![CDATA[${ZOOM}]]></script>
</svg>
`
}

function* boxesOf(frame: Frame, depth: number, left: number, wholeUs: number): Generator<Box> {
  const width = frame.totalUs / wholeUs
  if (!(width >= LEAST)) return
  yield { frame, depth, left, width }
  let from = left
  for (const child of frame.children) {
    yield* boxesOf(child, depth + 1, from, wholeUs)
    from += child.totalUs / wholeUs
  }
}

/** An `svg` of its own cuts off what of the name does not fit. */
function drawn({ frame, depth, left, width }: Box, wholeUs: number): string {
  const { name, place, owner, totalUs, selfUs } = frame
  const share = ((totalUs / wholeUs) * 100).toFixed(1)
  const told = `${name} ${place}\n${msOf(totalUs)} (${share} %), itself ${msOf(selfUs)}`
  return `<svg class="f" data-l="${left}" data-w="${width}" x="${percent(left)}" y="${TOP + depth * ROW}" width="${percent(width)}" height="${ROW - 1}"><title>${escaped(told)}</title><rect width="100%" height="100%" fill="${COLOURS[owner]}" stroke="#fff" stroke-width="0.5"/><text x="3" y="12">${escaped(name)}</text></svg>`
}

function legend(): string {
  const owners: readonly Owner[] = ['ours', 'library', 'node', 'native']
  return owners
    .map((owner, n) => {
      const x = 8 + n * 130
      return `<rect x="${x}" y="26" width="10" height="10" fill="${COLOURS[owner]}"/><text x="${x + 15}" y="35">${WORDS[owner]}</text>`
    })
    .join('')
}

/** Runs in the page: what lies beside the frame that was clicked is gone, what is above and below it is spread. */
const ZOOM = `
const frames = [...document.querySelectorAll('.f')].map(node => ({ node, l: +node.dataset.l, w: +node.dataset.w }))
for (const to of frames) to.node.addEventListener('click', () => {
  for (const { node, l, w } of frames) {
    const left = Math.max(0, (l - to.l) / to.w), right = Math.min(1, (l + w - to.l) / to.w)
    node.style.display = right - left > ${LEAST} ? '' : 'none'
    node.setAttribute('x', left * 100 + '%')
    node.setAttribute('width', Math.max(0, right - left) * 100 + '%')
  }
})
`

function percent(part: number): string {
  return `${(part * 100).toFixed(4)}%`
}

function msOf(us: number): string {
  return `${(us / 1_000).toFixed(0)} ms`
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, found => `&#${found.charCodeAt(0)};`)
}
