// Elements from code. Text only ever becomes a text node or an attribute's value: nothing that a target said is parsed
// as HTML, and no element gets an inline style or handler (the page's policy forbids both).

export type Child = Node | string | number | false | null | undefined | Child[];
export type Attributes = Record<string, string | number | boolean>;

export function h(tag: string, attributes: Attributes | null, ...children: Child[]): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

function append(parent: Node, children: Child[]): void {
  for (const child of children) {
    if (Array.isArray(child)) append(parent, child);
    else if (child instanceof Node) parent.appendChild(child);
    else if (child !== false && child !== null && child !== undefined) {
      parent.appendChild(document.createTextNode(String(child)));
    }
  }
}

/** A table that scrolls inside itself when it is wider than the page. */
export function table(name: string, head: Child[], rows: HTMLElement[], kind = ""): HTMLElement {
  return h(
    "div",
    { class: "scrolls", role: "region", tabindex: 0, "aria-label": name },
    h(
      "table",
      { class: kind },
      h("thead", null, h("tr", null, head.map((cell) => (cell instanceof Node ? cell : h("th", { scope: "col" }, cell))))),
      h("tbody", null, rows),
    ),
  );
}

export function numberHead(text: string): HTMLElement {
  return h("th", { scope: "col", class: "number" }, text);
}

export function numberCell(text: string): HTMLElement {
  return h("td", { class: "number" }, text);
}

/** Names and values, one pair a line. */
export function facts(pairs: [string, Child][]): HTMLElement {
  return h(
    "dl",
    { class: "facts" },
    pairs.map(([name, value]) => [h("dt", null, name), h("dd", null, value)]),
  );
}

/** A verdict's word; the tone colours it, and the word alone is enough. */
export function word(text: string, tone: Tone): HTMLElement {
  return h("span", { class: `word ${tone}` }, text);
}

export type Tone = "good" | "bad" | "open" | "plain";
