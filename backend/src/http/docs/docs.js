// Shows the OpenAPI document. Everything goes in as text, never as markup.
"use strict";

const METHODS = ["get", "post", "put", "patch", "delete"];

function element(name, text, ...children) {
  const node = document.createElement(name);
  if (text) node.textContent = text;
  node.append(...children);
  return node;
}

// What a schema stands for, with its references followed to a depth that a reader can follow.
function shape(schema, all, depth = 0) {
  if (!schema) return null;
  if (schema.$ref) {
    const name = schema.$ref.split("/").pop();
    return depth > 4 ? name : shape(all[name], all, depth + 1);
  }
  for (const kind of ["oneOf", "anyOf"]) {
    if (schema[kind]) {
      const parts = schema[kind].map((part) => shape(part, all, depth + 1));
      return parts.every((part) => typeof part === "string") ? parts.join(" | ") : { [kind]: parts };
    }
  }
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => shape(part, all, depth + 1)));
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.properties) {
    const needed = new Set(schema.required ?? []);
    return Object.fromEntries(
      Object.entries(schema.properties).map(([name, inner]) => [
        needed.has(name) ? name : `${name}?`,
        shape(inner, all, depth + 1),
      ]),
    );
  }
  if (schema.items) return [shape(schema.items, all, depth + 1)];
  const type = [schema.type].flat().join(" | ");
  return schema.format ? `${type} (${schema.format})` : type;
}

function content(body, all) {
  const media = Object.entries(body?.content ?? {});
  return media.map(([type, inner]) =>
    element("div", "", element("p", type), element("pre", JSON.stringify(shape(inner.schema, all), null, 2))),
  );
}

function route(path, method, operation, all) {
  const box = element("details");
  box.dataset.text = `${method} ${path} ${operation.summary ?? ""}`.toLowerCase();
  const head = element("summary", "", element("b", method), element("code", path));
  if (operation.summary) head.append(` — ${operation.summary}`);
  box.append(head);
  if (operation.description) box.append(element("p", operation.description));
  if (operation.security) {
    const ways = operation.security.flatMap((way) => Object.keys(way)).join(", ");
    box.append(element("p", `Credential: ${ways}`));
  }
  if (operation.parameters?.length) {
    const rows = operation.parameters.map((p) =>
      element("tr", "", element("td", p.name), element("td", p.in), element("td", p.description ?? "")),
    );
    box.append(element("h3", "Parameters"), element("table", "", ...rows));
  }
  if (operation.requestBody) box.append(element("h3", "Body"), ...content(operation.requestBody, all));
  box.append(element("h3", "Answers"));
  for (const [status, answer] of Object.entries(operation.responses ?? {})) {
    const problem = answer.content?.["application/problem+json"];
    box.append(element("p", `${status} ${answer.description ?? ""}`));
    if (!problem) box.append(...content(answer, all));
  }
  return box;
}

async function show() {
  const main = document.getElementById("routes");
  const response = await fetch("/api/v1/openapi.json");
  const api = await response.json();
  const all = api.components?.schemas ?? {};
  document.getElementById("description").textContent = api.info.description ?? "";
  const boxes = Object.entries(api.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => route(path, method, item[method], all)),
  );
  main.replaceChildren(...boxes);
  document.getElementById("filter").addEventListener("input", (event) => {
    const wanted = event.target.value.toLowerCase();
    for (const box of boxes) box.hidden = !box.dataset.text.includes(wanted);
  });
}

show().catch((error) => {
  const main = document.getElementById("routes");
  const note = element("p", `The document could not be shown: ${error.message}. Reload the page to try again.`);
  note.className = "error";
  main.replaceChildren(note);
});
