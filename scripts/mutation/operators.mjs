// Small faults of a program's text, found in its syntax tree: each the text of one place and what stands there instead.
import { parse } from 'acorn';
import { ancestor } from 'acorn-walk';

const OPERATORS = new Map([
  ...[
    ['+', '-'],
    ['-', '+'],
    ['*', '/'],
    ['/', '*'],
    ['%', '*'],
    ['**', '*'],
  ],
  ...[
    ['<', '<='],
    ['<=', '<'],
    ['>', '>='],
    ['>=', '>'],
    ['===', '!=='],
    ['!==', '==='],
  ],
  ...[
    ['&&', '||'],
    ['||', '&&'],
    ['??', '&&'],
    ['+=', '-='],
    ['-=', '+='],
    ['*=', '/='],
    ['/=', '*='],
  ],
]);

const METHODS = new Map([
  ...[
    ['min', 'max'],
    ['max', 'min'],
    ['floor', 'ceil'],
    ['ceil', 'floor'],
    ['some', 'every'],
    ['every', 'some'],
  ],
]);

/** Calls `a.filter(…)` that become `a`. */
const DROPPED = new Set(['filter', 'sort', 'reverse', 'slice', 'subarray', 'clone']);

/** What an error says is not the method's: faults in its text are no faults here. */
const isMessage = (ancestors) =>
  ancestors.some(({ type, callee }) => type === 'ThrowStatement' || /Error$/.test(callee?.name ?? ''));

/** All faults of a module's text, in the order of the places: `{ start, end, to }`. */
export function faultsOf(text) {
  const faults = [];
  const between = (left, right) => text.slice(left.end, right.start);
  const replace = ({ start, end }, to) => faults.push({ start, end, to });
  const operator = (node, left, right) => {
    const other = OPERATORS.get(node.operator);
    const at = left.end + between(left, right).indexOf(node.operator);
    if (other) replace({ start: at, end: at + node.operator.length }, other);
  };
  const test = (node) => {
    replace(node.test, 'true');
    replace(node.test, 'false');
  };
  const visitors = {
    BinaryExpression: (node) => operator(node, node.left, node.right),
    LogicalExpression: (node) => operator(node, node.left, node.right),
    AssignmentExpression: (node) => operator(node, node.left, node.right),
    UnaryExpression(node) {
      if ('!-'.includes(node.operator)) replace(node, text.slice(node.argument.start, node.argument.end));
    },
    UpdateExpression(node) {
      const at = node.prefix ? node.start : node.argument.end;
      replace({ start: at, end: at + 2 }, node.operator === '++' ? '--' : '++');
    },
    IfStatement: test,
    ConditionalExpression: test,
    Literal(node) {
      if (typeof node.value === 'number') replace(node, String(node.value + 1));
      if (typeof node.value === 'boolean') replace(node, String(!node.value));
    },
    ExpressionStatement(node) {
      if (!node.directive) replace(node, ';');
    },
    CallExpression({ callee, end }) {
      if (callee.type !== 'MemberExpression' || callee.computed) return;
      const other = METHODS.get(callee.property.name);
      if (other) replace(callee.property, other);
      if (DROPPED.has(callee.property.name) && callee.object.name !== 'tf')
        replace({ start: callee.object.end, end }, '');
    },
  };
  const guarded = Object.entries(visitors).map(([type, visit]) => [
    type,
    (node, _, ancestors) => {
      if (!isMessage(ancestors)) visit(node);
    },
  ]);
  ancestor(parse(text, { ecmaVersion: 'latest', sourceType: 'module' }), Object.fromEntries(guarded));
  return faults.sort((a, b) => a.start - b.start || a.end - b.end || (a.to < b.to ? -1 : 1));
}
