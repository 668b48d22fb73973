import {
  choicesOf,
  type FieldSchema,
  type Mark,
  meaning,
  takes,
  valuesOfMap,
} from "./field-words.ts";

/** A field of an object that an action takes, or of one inside that. */
export interface InnerField {
  /** Where it stands: `options.limits.memoryUsed`; `changes[].node` in each of a list; `pools.<name>.pin` by any name. */
  readonly name: string;
  /** In a few words: `text`, `a whole number`, `a list of text`. */
  readonly takes: string;
  readonly isRequired: boolean;
  /** What holds when it is left out; undefined where nothing does. */
  readonly default: string | undefined;
  /** What it means, without its default; empty where nothing is to be said. */
  readonly description: string;
  /** Where objects come in kinds: those that have it, for example `drain`. Empty: all have. */
  readonly of: readonly string[];
}

/** Lists what is inside a field, as deep as it goes; nothing where it takes no object of a known shape. */
export function innerFields(schema: FieldSchema, path: string, mark: Mark): readonly InnerField[] {
  const choices = choicesOf(schema);
  const deeper = choices.flatMap((choice) => {
    const values = valuesOfMap(choice);
    return [
      ...(choice.items === undefined ? [] : innerFields(choice.items, `${path}[]`, mark)),
      ...(values === undefined ? [] : innerFields(values, `${path}.<name>`, mark)),
    ];
  });
  const objects = choices.filter(({ properties }) => properties !== undefined);
  return [...fieldsOf(objects, path, mark), ...deeper];
}

/** Lists the fields of an object that can be of several kinds; what all have in common is said once. */
function fieldsOf(
  objects: readonly FieldSchema[],
  path: string,
  mark: Mark,
): readonly InnerField[] {
  const names = [...new Set(objects.flatMap(({ properties = {} }) => Object.keys(properties)))];
  const tag = names.find((name) => objects.length > 1 && objects.every((one) => isTag(one, name)));
  const kindOf = (object: FieldSchema): string => String(at(object, tag)?.const);
  return names.flatMap((name) => {
    const owners = objects.filter((object) => at(object, name) !== undefined);
    if (name === tag) return [tagField(owners, `${path}.${name}`, name, mark)];
    const shapeOf = (object: FieldSchema): string => JSON.stringify(at(object, name));
    return [...new Set(owners.map(shapeOf))].flatMap((shape) => {
      const same = owners.filter((object) => shapeOf(object) === shape);
      const schema = at(same[0], name) ?? {};
      const kinds = [...new Set(same.map(kindOf))];
      const isCommon = tag === undefined || same.length === objects.length;
      const rivals = isCommon ? objects : objects.filter((one) => kinds.includes(kindOf(one)));
      const field: InnerField = {
        ...{ name: `${path}.${name}`, takes: takes(schema, mark) },
        isRequired: rivals.every(({ required = [] }) => required.includes(name)),
        ...meaning(schema),
        of: isCommon ? [] : kinds,
      };
      return [field, ...innerFields(schema, field.name, mark)];
    });
  });
}

/** What says of which kind an object is. */
function tagField(
  objects: readonly FieldSchema[],
  path: string,
  name: string,
  mark: Mark,
): InnerField {
  const tags = objects.map((object) => at(object, name) ?? {});
  const values = [...new Set(tags.map((tag) => takes(tag, mark)))];
  const described = tags.find(({ description }) => description !== undefined) ?? {};
  return {
    ...{ name: path, takes: values.join(", "), isRequired: true, ...meaning(described) },
    of: [],
  };
}

function isTag(object: FieldSchema, name: string): boolean {
  return at(object, name)?.const !== undefined && object.required?.includes(name) === true;
}

function at(object: FieldSchema | undefined, name: string | undefined): FieldSchema | undefined {
  return name === undefined ? undefined : object?.properties?.[name];
}
