import { files, read } from './sources.js';

/** An op of compiled code: its parameters as `name: what JavaScript passes`, and the number of tensors that it returns. */
export interface Signature {
  readonly parameters: readonly string[];
  /** Nothing of a list. */
  readonly outputs: number | undefined;
}

/** By the type of a C++ parameter (`native/bind.h`). */
const KINDS: Readonly<Record<string, string>> = {
  ...{ 'at::Tensor': 'tensor', Stored: 'tensor', 'std::optional<at::Tensor>': 'tensor or null' },
  ...{ 'std::vector<at::Tensor>': 'tensors', 'std::vector<Stored>': 'tensors' },
  ...{ double: 'number', int64_t: 'number', bool: 'boolean', 'std::string': 'string' },
  ...{ 'std::vector<int64_t>': 'numbers', 'std::vector<double>': 'numbers' },
};

type Aliases = ReadonlyMap<string, string>;

function parameterOf(text: string, aliases: Aliases): string {
  const { type, name } = text.match(/^(?:const )?(?<type>[\w:<>]+)&? (?<name>\w+)$/)?.groups ?? {};
  return `${name}: ${KINDS[aliases.get(type!) ?? type!] ?? text}`;
}

function signatureOf(result: string, list: string, aliases: Aliases): Signature {
  const parameters = list.split(',').map((each) => parameterOf(each.trim(), aliases));
  const type = aliases.get(result) ?? result;
  return { parameters, outputs: type.startsWith('std::vector') ? undefined : type.split(',').length };
}

/** Where a function of this name is defined: what it returns, and its parameters. */
const definitionOf = (name: string) => new RegExp(`^ *([\\w:<>, ]+) ${name}\\(([^{;]*)\\)\\s*\\{`, 'm');

/** Ops of a file: those that it offers one by one, and those that a macro defines and offers. */
function opsOf(text: string, macros: ReadonlyMap<string, string>): [string, Signature][] {
  const aliases = new Map(
    [...text.matchAll(/^using (\w+) = (.*);/gm)].map(([, name, type]) => [name!, type!]),
  );
  const offered = [...text.matchAll(/^DNA_OP\((\w+)\)/gm)].map(([, op]) => [op!, text, op!] as const);
  const made = [...text.matchAll(/^(DNA_\w+)\((\w+), /gm)].map(
    ([, macro, op]) => [op!, macros.get(macro!) ?? '', 'name'] as const,
  );
  return [...offered, ...made].map(([op, source, name]) => {
    const [, result, list] = source.match(definitionOf(name)) ?? [];
    if (result === undefined) throw new Error(`found no definition of ${op}`);
    return [op, signatureOf(result, list!, aliases)];
  });
}

/** Every op of the torch backend's addon, by the name of its C++ function. */
export function torchOps(): ReadonlyMap<string, Signature> {
  const texts = files('plugins/backend-torch/native/ops', /\.(cpp|h)$/).map(read);
  const definition = /^#define (DNA_\w+)\(name, .*\n(?:.*\\\n)*/gm;
  const macros = new Map(
    texts.flatMap((text) => [...text.matchAll(definition)].map(([body, macro]) => [macro!, body] as const)),
  );
  return new Map(texts.flatMap((text) => opsOf(text, macros)));
}

/** The same by the type of a parameter in TypeScript. */
const TYPES: readonly (readonly [RegExp, string])[] = [
  [/^Handle<.*> \| null$/, 'tensor or null'],
  [/^Handle(<.*>)?$/, 'tensor'],
  [/^Handles$/, 'tensors'],
  [/^(Numbers|Window)$/, 'numbers'],
  [/^(number|TypeCode)$/, 'number'],
  [/^(boolean|string)$/, '$1'],
];

function kindOf(type: string): string {
  const [pattern, kind] = TYPES.find(([each]) => each.test(type)) ?? [/.*/, `unknown ${type}`];
  return type.replace(pattern, kind);
}

/** The methods of an interface of a file, each with its parameters as a `Signature` has them. */
export function pageOf(file: string, name: string): ReadonlyMap<string, readonly string[]> {
  const [, body] = read(file).match(new RegExp(`export interface ${name}\\b[^{]*?\\{\\n([^]*?)\\n\\}`))!;
  const parametersOf = (list: string) =>
    [...list.matchAll(/(\w+): ([^,]+?)\s*(?:,|$)/g)].map(([, label, type]) => `${label}: ${kindOf(type!)}`);
  const own = [...body!.matchAll(/^ {2}(\w+)\(([^)]*)\): undefined;$/gm)].map(
    ([, method, list]) => [method!, parametersOf(list!)] as const,
  );
  const methods = new Map<string, readonly string[]>(own);
  for (const [, method, like] of body!.matchAll(/^ {2}(\w+): \w+\['(\w+)'\];$/gm)) {
    methods.set(method!, methods.get(like!)!);
  }
  return methods;
}

/** A declaration of one of our ops to TensorFlow (`plugins/backend-cuda/native/binding/op.h`). */
export interface Declaration {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly string[];
}

/** Every op of ours on TensorFlow by its name, its words as they are declared. */
export function tensorflowOps(): ReadonlyMap<string, Declaration> {
  const list = String.raw`\{([^}]*)\}`;
  const declared = new RegExp(
    `registered<&\\w+>\\(\\s*"Dna(\\w+)",\\s*${list},\\s*${list},\\s*${list}\\)`,
    'g',
  );
  const words = (text: string) => [...text.matchAll(/"([^"]*)"/g)].map(([, word]) => word!);
  return new Map(
    files('plugins/backend-cuda/native/binding', /\.cpp$/).flatMap((file) =>
      [...read(file).matchAll(declared)].map(
        ([, name, inputs, outputs, attributes]) =>
          [
            name!,
            { inputs: words(inputs!), outputs: words(outputs!), attributes: words(attributes!) },
          ] as const,
      ),
    ),
  );
}
