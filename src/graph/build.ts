/**
 * @file Building: from tensors to an ONNX model. Nodes that nothing asks for are never met; nodes that would compute the
 * same from the same are one.
 */
import type { Attribute, Constant, Graph, Model, Node as OnnxNode, Value } from "../onnx/model.ts";
import { invariant, UsageError } from "../util/errors.ts";
import { constantBytes } from "./constant-bytes.ts";
import { type Demand, demandOf, type Family, needsOfFamily } from "./demand.ts";
import { int, ints } from "./encoding.ts";
import type { Numbers } from "./numbers.ts";
import type { Program } from "./program.ts";
import { formatType, type Node, type Tensor, type TensorType } from "./tensor.ts";
import { inputsOf, seeThrough, sortedNodes } from "./walk.ts";

export interface BuildOptions {
  readonly name?: string;
  /** `metadata_props` of the file. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The operator set whose definitions ours follow. */
const operatorSet = 21;

/**
 * The model that computes the program's outputs. Symbolic inputs become its inputs, constants its initialisers.
 *
 * @throws UsageError where two inputs share a name
 */
export function build(program: Program, options: BuildOptions = {}): Model {
  return describe(program, options).model;
}

/** The model, and the types of all values in it by name. */
export function describe(
  { inputs, outputs }: Program,
  { name = "rubato", metadata = {} }: BuildOptions = {},
): { readonly model: Model; readonly types: ReadonlyMap<string, TensorType> } {
  const tensors = Object.values(outputs);
  const given = inputs ?? inputsOf(tensors);
  const builder = new Builder(demandOf(tensors), [...given.map(nameOf), ...Object.keys(outputs)]);
  const scope = new Scope();
  for (const tensor of given) builder.declare(scope, tensor, nameOf(tensor));
  builder.add(scope, outputs);
  const results = Object.entries(outputs).map(([output, tensor]) => valueOfType(output, tensor));
  const domains = new Set(builder.domains);
  return {
    types: builder.types,
    model: {
      graph: {
        name,
        nodes: scope.nodes,
        inputs: given.map((tensor) => valueOfType(nameOf(tensor), tensor)),
        outputs: results,
        constants: builder.constants,
      },
      operatorSets: { "": operatorSet, ...(domains.has("com.microsoft") ? { "com.microsoft": 1 } : {}) },
      metadata,
    },
  };
}

function nameOf({ origin }: Tensor): string {
  invariant(origin.kind === "input", "only inputs are listed as inputs");
  return origin.name;
}

const valueOfType = (name: string, { type, shape }: TensorType): Value => ({ name, type, shape });

/** Names of a Scan's outputs, by the state or the tensor of the body that they come from. */
interface LoopOutputs {
  readonly states: ReadonlyMap<Tensor, string>;
  readonly stacked: ReadonlyMap<Tensor, string>;
}

/** A graph being written: the outermost one, or a body in it. */
class Scope {
  readonly parent: Scope | undefined;
  /** Whose body it is. */
  readonly family: Family | undefined;
  readonly nodes: OnnxNode[] = [];
  readonly names = new Map<Tensor, string>();
  /** Names that tensors are to have because the graph gives them out. */
  readonly wanted = new Map<Tensor, string>();
  /** Outputs of nodes by what the node is, for nodes that come again. */
  readonly computed = new Map<string, readonly string[]>();
  readonly families = new Map<Family, LoopOutputs>();

  constructor(parent?: Scope, family?: Family) {
    this.parent = parent;
    this.family = family;
  }

  find<Found>(look: (scope: Scope) => Found | undefined): Found | undefined {
    return look(this) ?? this.parent?.find(look);
  }
}

class Builder {
  readonly constants: Constant[] = [];
  readonly types = new Map<string, TensorType>();
  readonly domains = new Set<string>();
  readonly #demand: Demand;
  readonly #taken: Set<string>;
  readonly #constantNames = new Map<Numbers, string>();
  readonly #constantsByType = new Map<string, readonly Constant[]>();
  #count = 0;

  constructor(demand: Demand, reserved: readonly string[]) {
    this.#demand = demand;
    const twice = reserved.find((name, i) => reserved.indexOf(name) !== i);
    if (twice !== undefined)
      throw new UsageError(`two inputs or outputs are called "${twice}", expected one name for each`);
    this.#taken = new Set(reserved);
  }

  declare(scope: Scope, tensor: Tensor, name: string): void {
    scope.names.set(tensor, name);
    this.types.set(name, tensor);
  }

  /** Adds all nodes that these results are made of, up to the boundary, and gives the results their names. */
  add(scope: Scope, results: Readonly<Record<string, Tensor>>): void {
    const boundary = scope.family;
    for (const [name, tensor] of Object.entries(results))
      scope.wanted.set(seeThrough(tensor, boundary), name);
    const needs = (node: Node) => (node.loop ? needsOfFamily(this.#family(scope, node)) : node.inputs);
    for (const node of sortedNodes(Object.values(results), boundary, needs)) {
      if (node.loop) this.#addLoop(scope, node);
      else this.#addNode(scope, node);
    }
    for (const [name, tensor] of Object.entries(results)) {
      if (this.#name(scope, tensor) !== name) this.#giveName(scope, tensor, name);
    }
  }

  /** One more name for a tensor, by a node that does nothing. */
  #giveName(scope: Scope, tensor: Tensor, name: string): void {
    const node = { name, operator: "Identity", domain: "", attributes: {} };
    scope.nodes.push({ ...node, inputs: [this.#name(scope, tensor)], outputs: [name] });
    this.types.set(name, tensor);
  }

  #family(scope: Scope, node: Node): Family {
    const family = node.loop && this.#demand.get(node.loop.key)?.families.get(scope.family);
    invariant(family, "every loop in demand was collected");
    return family;
  }

  #newName(operator: string): string {
    let name = "";
    do name = `${operator}_${++this.#count}`;
    while (this.#taken.has(name));
    return name;
  }

  #name(scope: Scope, tensor: Tensor): string {
    const found = scope.find(({ names }) => names.get(tensor));
    if (found !== undefined) return found;
    const { origin } = tensor;
    if (origin.kind === "constant") return this.#constantName(origin.numbers);
    const alias = origin.kind === "node" ? origin.node.aliases?.[origin.output] : undefined;
    if (alias !== undefined) return this.#name(scope, alias);
    if (origin.kind === "input") {
      throw new UsageError(
        `the graph depends on input "${origin.name}", which is not among its inputs: list it`,
      );
    }
    throw new Error(`invariant: ${origin.node.operator} is added before it is used`);
  }

  /** One constant for all that are the same: the masks of all layers are, and large. */
  #constantName(numbers: Numbers): string {
    const found = this.#constantNames.get(numbers);
    if (found !== undefined) return found;
    const { type, shape } = numbers;
    const bytes = constantBytes(numbers);
    const alike = this.#constantsByType.get(formatType(numbers)) ?? [];
    const same = alike.find((constant) => sameBytes(constant.bytes, bytes));
    const constant = same ?? { name: this.#newName("constant"), type, shape, bytes };
    this.#constantNames.set(numbers, constant.name);
    if (same !== undefined) return same.name;
    this.#constantsByType.set(formatType(numbers), [...alike, constant]);
    this.constants.push(constant);
    this.types.set(constant.name, numbers);
    return constant.name;
  }

  #addNode(scope: Scope, node: Node): void {
    const { lists, attributes } = node.encoding;
    const inputs = [
      ...node.inputs.map((tensor) => this.#name(scope, tensor)),
      ...lists.map((values) => this.#constantName({ type: "int64", shape: [values.length], values })),
    ];
    const key = JSON.stringify([node.domain, node.operator, inputs, attributes]);
    const before = scope.find(({ computed }) => computed.get(key));
    const outputs =
      before ?? node.outputs.map((tensor) => scope.wanted.get(tensor) ?? this.#newName(node.operator));
    for (const [i, output] of node.outputs.entries()) this.declare(scope, output, outputs[i]);
    if (before !== undefined) return;
    scope.computed.set(key, outputs);
    this.domains.add(node.domain);
    const { operator, domain } = node;
    scope.nodes.push({ name: outputs[0], operator, domain, inputs, outputs, attributes });
  }

  #addLoop(scope: Scope, node: Node): void {
    const family = this.#family(scope, node);
    const names = scope.families.get(family) ?? this.#addFamily(scope, family);
    scope.families.set(family, names);
    const { loop, outputs } = node;
    invariant(loop, "a family consists of loops");
    for (const [i, state] of loop.states.entries())
      this.#declareAs(scope, outputs[i], names.states.get(state));
    for (const [i, tensor] of loop.stacked.entries()) {
      const name = names.stacked.get(seeThrough(tensor, family));
      this.#declareAs(scope, outputs[loop.states.length + i], name);
    }
  }

  /** Nothing is declared that nobody asked for. */
  #declareAs(scope: Scope, tensor: Tensor, name: string | undefined): void {
    if (name !== undefined) this.declare(scope, tensor, name);
  }

  /** Adds the one Scan of a family. */
  #addFamily(scope: Scope, family: Family): LoopOutputs {
    const { node, states, elements, stacked } = family;
    const reverse = node.loop?.reverse ?? false;
    const body = new Scope(scope, family);
    const boundary = [...states.keys(), ...elements.keys()];
    for (const tensor of boundary) this.declare(body, tensor, this.#newName("given"));
    const results = [...[...states.values()].map(({ next }) => next), ...stacked];
    const named = Object.fromEntries(results.map((tensor) => [this.#newName("result"), tensor]));
    this.add(body, named);
    const graph: Graph = {
      name: this.#newName("body"),
      nodes: body.nodes,
      inputs: boundary.map((tensor) => valueOfType(this.#name(body, tensor), tensor)),
      outputs: Object.entries(named).map(([name, tensor]) => valueOfType(name, tensor)),
      constants: [],
    };
    const directions = (count: number): Attribute => ints(new Array<number>(count).fill(reverse ? 1 : 0));
    const outputs = {
      states: new Map([...states.keys()].map((state) => [state, this.#newName("Scan")])),
      stacked: new Map([...stacked].map((tensor) => [tensor, this.#newName("Scan")])),
    };
    scope.nodes.push({
      name: this.#newName("Scan"),
      operator: "Scan",
      domain: "",
      inputs: [...[...states.values()].map(({ initial }) => initial), ...elements.values()].map((tensor) =>
        this.#name(scope, tensor),
      ),
      outputs: [...outputs.states.values(), ...outputs.stacked.values()],
      attributes: {
        body: { type: "graph", value: graph },
        num_scan_inputs: int(elements.size),
        scan_input_directions: directions(elements.size),
        scan_output_directions: directions(stacked.size),
      },
    });
    return outputs;
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return a.length === b.length;
}
