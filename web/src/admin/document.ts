// What can be administered, as the OpenAPI document describes it: a new record has its page by itself.

import { ROOT } from "../api";

export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  enum?: string[];
  const?: string;
  anyOf?: Schema[];
  allOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  maxLength?: number;
  description?: string;
}

interface Parameter {
  $ref?: string;
  name: string;
  in: string;
  schema: Schema;
  description?: string;
}

interface Operation {
  summary: string;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: { "application/json": { schema: Schema } } };
  responses: Record<string, { $ref?: string; content?: { "application/json": { schema: Schema } } }>;
}

export interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: Record<string, Record<string, unknown>>;
}

export interface Field {
  name: string;
  kind: "text" | "long" | "password" | "number" | "flag" | "choice" | "list" | "json";
  options: string[];
  isRequired: boolean;
  isNullable: boolean;
  description: string | undefined;
}

export interface Action {
  method: string;
  /** With `{}` in the place of the record's id. */
  path: string;
  summary: string;
  query: Field[];
  body: Field[];
}

export interface RecordKind {
  name: string;
  /** The fields of a row, of the filters, and of what can be written. */
  columns: Field[];
  filters: Field[];
  sorts: string[];
  create: Action | undefined;
  update: Action | undefined;
  actions: Action[];
}

/** Parameters that the pages of a table use themselves. */
const OWN = new Set(["count", "limit", "cursor", "sort"]);
const LONG = 300;

export async function readDocument(): Promise<Document> {
  const response = await fetch(`${ROOT}/openapi.json`);
  return response.json() as Promise<Document>;
}

/** Lists of the caller's own, also for admins. */
const PERSONAL = new Set(["notifications", "trash"]);

/** What the document has lists of; what can also be changed one by one has a form. */
export function recordsOf(document: Document): RecordKind[] {
  return Object.keys(document.paths).flatMap((path) => {
    const name = /^\/api\/([a-z-]+)$/.exec(path)?.[1];
    const kind = name && !PERSONAL.has(name) && recordOf(document, name);
    return kind ? [kind] : [];
  });
}

function recordOf(document: Document, name: string): RecordKind | undefined {
  const { paths } = document;
  const one = Object.keys(paths).find((path) => new RegExp(`^/api/${name}/\\{\\w+\\}$`).test(path));
  const list = paths[`/api/${name}`]?.["get"];
  const row = list && rowOf(document, list);
  if (!row || !resolved(document, row).properties?.["id"]) return undefined;
  const below = one ? Object.keys(paths).filter((path) => path.startsWith(`${one}/`) && !path.slice(one.length).includes("{")) : [];
  const act = (path: string, method: string): Action[] => {
    const operation = paths[path]?.[method];
    return operation ? [actionOf(document, method, path.replace(one ?? "", `/api/${name}/{}`), operation)] : [];
  };
  const parameters = queryOf(document, list);
  return {
    name,
    columns: fieldsOf(document, row),
    filters: parameters.filter((field) => !OWN.has(field.name)),
    sorts: parameters.find((field) => field.name === "sort")?.options ?? [],
    create: act(`/api/${name}`, "post")[0],
    update: one ? act(one, "patch")[0] : undefined,
    actions: [...below.flatMap((path) => [...act(path, "post"), ...act(path, "put")]), ...(one ? act(one, "delete") : [])],
  };
}

function actionOf(document: Document, method: string, path: string, operation: Operation): Action {
  const body = operation.requestBody?.content["application/json"].schema;
  return {
    method: method.toUpperCase(),
    path,
    summary: operation.summary,
    query: queryOf(document, operation),
    body: body ? fieldsOf(document, body) : [],
  };
}

function queryOf(document: Document, { parameters = [] }: Operation): Field[] {
  return parameters
    .map((parameter) => resolved(document, parameter))
    .filter((parameter) => parameter.in === "query")
    .map(({ name, schema, description }) => fieldOf(document, name, { ...(description && { description }), ...schema }, false));
}

function rowOf(document: Document, list: Operation): Schema | undefined {
  const response = list.responses["200"];
  const schema = response && resolved(document, response).content?.["application/json"].schema;
  return schema?.items;
}

function fieldsOf(document: Document, schema: Schema): Field[] {
  const { properties = {}, required = [] } = resolved(document, schema);
  return Object.entries(properties).map(([name, each]) => fieldOf(document, name, each, required.includes(name)));
}

function fieldOf(document: Document, name: string, schema: Schema, isRequired: boolean): Field {
  const alternatives = (resolved(document, schema).anyOf ?? [schema]).map((each) => resolved(document, each));
  const isNull = ({ type }: Schema) => type === "null";
  const known = alternatives.find((each) => !isNull(each)) ?? {};
  const types = [known.type ?? []].flat();
  const options = known.enum ?? (known.const ? [known.const] : []);
  return {
    name,
    kind: kindOf(document, name, known, types, options),
    options: types.includes("array") && known.items ? (resolved(document, known.items).enum ?? []) : options,
    isRequired,
    isNullable: types.includes("null") || alternatives.some(isNull),
    description: schema.description ?? known.description,
  };
}

function kindOf(document: Document, name: string, schema: Schema, types: string[], options: string[]): Field["kind"] {
  if (types.includes("array")) return resolved(document, schema.items ?? {}).properties ? "json" : "list";
  if (options.length) return "choice";
  if (types.includes("boolean")) return "flag";
  if (types.includes("integer") || types.includes("number")) return "number";
  if (schema.properties) return "json";
  if (name.includes("password")) return "password";
  return (schema.maxLength ?? 0) > LONG || name === "description" ? "long" : "text";
}

/** What a reference leads to. */
function resolved<T extends { $ref?: string }>(document: Document, item: T): T {
  if (!item.$ref) return item;
  const [, , section = "", name = ""] = item.$ref.split("/");
  const { $ref: _, ...rest } = item;
  return { ...(resolved(document, document.components[section]?.[name] as T) as object), ...rest } as T;
}
