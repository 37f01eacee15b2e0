import { parser } from '@prometheus-io/lezer-promql'

type SyntaxNode = ReturnType<typeof parser.parse>['topNode']

/** A node of the syntax tree, with its text. */
export interface Node {
  readonly name: string
  readonly text: string
  readonly children: readonly Node[]
}

/** The syntax tree, by Prometheus's own grammar. Throws where the text is no expression. */
export function parsed(text: string): Node {
  return nodeOf(parser.parse(text).topNode, text)
}

function nodeOf(node: SyntaxNode, text: string): Node {
  if (node.type.isError) throw new Error(`not PromQL after "${text.slice(0, node.from)}"`)
  const children: Node[] = []
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(nodeOf(child, text))
  return { name: node.name, text: text.slice(node.from, node.to), children }
}

/** The node's child at that place, from the end where it is negative; the tree has it wherever it parsed. */
export function child({ children, text }: Node, at: number): Node {
  const found = children.at(at)
  if (found === undefined) throw new Error(`nothing at ${at} of ${text}`)
  return found
}

/** All nodes of that name, at any depth. */
export function nodesNamed(name: string, node: Node): readonly Node[] {
  return [...(node.name === name ? [node] : []), ...node.children.flatMap(one => nodesNamed(name, one))]
}

export interface Selector {
  readonly metric: string
  readonly matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[]
}

export function selectorOf(node: Node): Selector {
  const matchers = nodesNamed('UnquotedLabelMatcher', node).map(({ children }) => {
    const [label = '', operator = '', quoted = ''] = children.map(({ text }) => text)
    return { label, operator, value: quoted.slice(1, -1) }
  })
  return { metric: child(node, 0).text, matchers }
}
