/** Small changes of a source file, each of which a test should notice. */
import ts from 'typescript'

export interface Mutant {
  readonly file: string
  readonly line: number
  readonly from: string
  readonly to: string
  /** The file with the change. */
  readonly text: string
}

/** A node's text, and what may stand in its place. */
interface Change {
  readonly start: number
  readonly end: number
  readonly to: string
}

const operators: Readonly<Record<string, readonly string[]>> = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '&&': ['||'],
  '||': ['&&'],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '+=': ['-='],
}

const members: Readonly<Record<string, string>> = {
  min: 'max',
  max: 'min',
  floor: 'ceil',
  ceil: 'floor',
  round: 'floor',
  some: 'every',
  every: 'some',
}

export const mutantsOf = (file: string, text: string): readonly Mutant[] => {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true)
  const changes: Change[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node) || ts.isInterfaceDeclaration(node)) {
      return
    }
    changes.push(...changesOf(node, source))
    ts.forEachChild(node, visit)
  }
  visit(source)
  return changes.map(({ start, end, to }) => ({
    file,
    line: source.getLineAndCharacterOfPosition(start).line + 1,
    from: text.slice(start, end),
    to,
    text: text.slice(0, start) + to + text.slice(end),
  }))
}

const changesOf = (node: ts.Node, source: ts.SourceFile): readonly Change[] => {
  const replaced = (target: ts.Node, to: string): Change => ({
    start: target.getStart(source),
    end: target.getEnd(),
    to,
  })
  if (ts.isBinaryExpression(node)) {
    const { left, operatorToken, right } = node
    const operator = operatorToken.getText(source)
    if (operator === '??') return [replaced(node, right.getText(source))]
    return (operators[operator] ?? [])
      .map((other) => replaced(operatorToken, other))
      .concat(
        // Each side of a conjunction on its own: is the other one tested?
        operator === '&&' || operator === '||'
          ? [replaced(node, left.getText(source)), replaced(node, right.getText(source))]
          : [],
      )
  }
  if (ts.isConditionalExpression(node)) {
    return [node.whenTrue, node.whenFalse].map((branch) => replaced(node, branch.getText(source)))
  }
  if (ts.isIfStatement(node)) {
    return ['true', 'false'].map((value) => replaced(node.expression, value))
  }
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    return [replaced(node, node.operand.getText(source))]
  }
  if (ts.isNumericLiteral(node)) return [replaced(node, String(Number(node.text) + 1))]
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [replaced(node, 'false')]
  if (node.kind === ts.SyntaxKind.FalseKeyword) return [replaced(node, 'true')]
  if (ts.isBreakStatement(node) || ts.isContinueStatement(node)) return [replaced(node, ';')]
  if (ts.isExpressionStatement(node)) return [replaced(node, ';')]
  if (ts.isPropertyAccessExpression(node)) return ofMember(node, source, replaced)
  return []
}

const ofMember = (
  node: ts.PropertyAccessExpression,
  source: ts.SourceFile,
  replaced: (target: ts.Node, to: string) => Change,
): readonly Change[] => {
  const name = node.name.getText(source)
  const other = members[name]
  const called = ts.isCallExpression(node.parent) && node.parent.expression === node
  if (called && ['toLowerCase', 'sort', 'toSorted'].includes(name)) {
    return [replaced(node.parent, node.expression.getText(source))]
  }
  return other === undefined ? [] : [replaced(node.name, other)]
}
