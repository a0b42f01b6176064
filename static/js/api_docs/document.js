/** An OpenAPI document as the page shows it: chapters of operations, and what a search finds in them. PURE. */

const METHODS = ["get", "head", "post", "put", "patch", "delete"];

/** [{name, description, operations: [operation…]}], in the document's order of tags, without empty chapters. */
export function chapters(document) {
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => operationOf(path, method, item[method])),
  );
  return document.tags
    .map(({ name, description }) => ({ name, description, id: slug(name), operations: operations.filter(({ tag }) => tag === name) }))
    .filter((chapter) => chapter.operations.length);
}

function operationOf(path, method, said) {
  const responses = Object.entries(said.responses).map(([status, response]) => ({ status, ...response }));
  return {
    id: said.operationId,
    method: method.toUpperCase(),
    path,
    tag: said.tags[0],
    summary: said.summary,
    description: said.description ?? "",
    access: (said.security ?? []).flatMap(Object.keys),
    parameters: said.parameters ?? [],
    body: said.requestBody ?? null,
    answers: responses.filter(({ status }) => status < "300" || status === "303"),
    refusals: responses.filter(({ status }) => status >= "300" && status < "500" && status !== "303"),
    faults: responses.filter(({ status }) => status >= "500"),
  };
}

/** The chapters with only those operations in which every word of the search occurs. */
export function found(all, search) {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return all;
  return all
    .map((chapter) => ({ ...chapter, operations: chapter.operations.filter((operation) => holds(operation, chapter, words)) }))
    .filter((chapter) => chapter.operations.length);
}

function holds(operation, chapter, words) {
  const codes = operation.refusals.map(({ description }) => description).join(" ");
  const { method, path, summary, description } = operation;
  const text = `${method} ${path} ${summary} ${description} ${chapter.name} ${codes}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

/** A schema with its reference followed; `name` is what the reference calls it. */
export function resolved(document, schema) {
  if (!schema?.$ref) return { name: null, ...schema };
  const name = schema.$ref.split("/").at(-1);
  return { name, ...document.components.schemas[name] };
}

/** What kind of value a schema takes, in words: `uuid`, `list of Turn`, `text or null`. */
export function kindOf(document, schema) {
  if (!schema || !Object.keys(schema).length) return "anything";
  if (schema.$ref) return schema.$ref.split("/").at(-1);
  if (schema.anyOf) return schema.anyOf.map((choice) => kindOf(document, choice)).join(" or ");
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.type === "array") return `list of ${kindOf(document, schema.items)}`;
  if (schema.type === "string") return schema.format ?? "text";
  return schema.type ?? "anything";
}

/** The limits of a value, in words: `at most 100`, `1 to 10`. */
export function limitsOf(schema) {
  const limits = [];
  const { minimum, maximum, minLength, maxLength, maxItems } = schema;
  if (minimum !== undefined && maximum !== undefined) limits.push(`${minimum} to ${maximum}`);
  else if (minimum !== undefined) limits.push(`at least ${minimum}`);
  else if (maximum !== undefined) limits.push(`at most ${maximum}`);
  if (minLength) limits.push(`at least ${minLength} characters`);
  if (maxLength !== undefined) limits.push(`at most ${maxLength} characters`);
  if (maxItems !== undefined) limits.push(`at most ${maxItems}`);
  if (schema.default !== undefined && schema.default !== null && !isEmpty(schema.default)) limits.push(`default ${JSON.stringify(schema.default)}`);
  return limits.join(", ");
}

function isEmpty(value) {
  return typeof value === "object" && !Object.keys(value).length;
}

const SAMPLES = { uuid: "4f9c1c8e-6b1d-4e5a-9d0f-2a7b3c4d5e6f", "date-time": "2026-11-24T09:30:00+00:00", email: "someone@example.com" };

/** A value that fits a schema, to show; what is inside of itself ends there. */
export function sample(document, schema, within = []) {
  if (!schema) return null;
  if (schema.$ref) {
    if (within.includes(schema.$ref)) return {};
    return sample(document, document.components.schemas[schema.$ref.split("/").at(-1)], [...within, schema.$ref]);
  }
  if (schema.examples?.length) return schema.examples[0];
  if ("const" in schema) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.default !== undefined && schema.default !== null && !isEmpty(schema.default)) return schema.default;
  if (schema.anyOf) return sample(document, schema.anyOf[0], within);
  return sampleOfType(document, schema, within);
}

function sampleOfType(document, schema, within) {
  switch (schema.type) {
    case "object":
      return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, field]) => [name, sample(document, field, within)]));
    case "array":
      return [sample(document, schema.items, within)];
    case "string":
      return SAMPLES[schema.format] ?? "…";
    case "integer":
    case "number":
      return schema.minimum ?? 0;
    case "boolean":
      return false;
    default:
      return null;
  }
}

/** The first JSON schema of a body or an answer, or null. */
export function jsonSchema(body) {
  const types = Object.keys(body?.content ?? {});
  const json = types.find((type) => type === "application/json") ?? types.find((type) => type.endsWith("json"));
  return json ? (body.content[json].schema ?? null) : null;
}

/** The command that does this operation from a terminal. */
export function curl(document, operation, origin) {
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name) => `<${name}>`);
  const query = operation.parameters.filter((parameter) => parameter.in === "query" && parameter.required);
  const values = query.map(({ name, schema }) => `${name}=${encodeURIComponent(sample(document, schema) ?? "")}`).join("&");
  const lines = [`curl${operation.method === "GET" ? "" : ` -X ${operation.method}`} '${origin}${path}${values && `?${values}`}'`];
  if (operation.access.includes("person")) lines.push(`-H "Authorization: Bearer $ACCESS_TOKEN"`);
  else if (operation.access.includes("service")) lines.push(`-H "Authorization: Bearer $SERVICE_KEY"`);
  else if (operation.access.includes("customer_key")) lines.push(`-H "Authorization: Bearer $CUSTOMER_KEY"`);
  else if (operation.path.startsWith("/rest/")) lines.push(`-H "Authorization: Bearer $ACCESS_TOKEN"`);
  return [...lines, ...curlBody(document, operation)].join(" \\\n  ");
}

function curlBody(document, operation) {
  const schema = jsonSchema(operation.body);
  if (schema) {
    const text = JSON.stringify(sample(document, schema)).replaceAll("'", "'\\''");
    return ["-H 'Content-Type: application/json'", `-d '${text}'`];
  }
  const [type] = Object.keys(operation.body?.content ?? {});
  return type ? [`-H 'Content-Type: ${type}'`, "--data-binary @file"] : [];
}

export function slug(name) {
  return name.toLowerCase().replace(/\W+/g, "-");
}
