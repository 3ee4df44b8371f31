// A page that shapes itself by decisions made in the browser. What it shows or hides is a courtesy: the server that does
// the act decides again.
import { connect } from "cohort-wasm";

const ACTS = [
  ["Open", "invoice:read"],
  ["Approve", "invoice:approve"],
  ["Delete", "invoice:delete"],
];
const LOG_LINES_MAX = 20;
const WORDS = {
  connecting: "connecting",
  live: "following",
  behind: "server away – last state answers",
  stale: "too old to answer",
  asking: "no WebAssembly here – asking the server",
  failed: "cannot decide",
  closed: "closed",
};

const find = (id) => document.getElementById(id);
const [person, mfa] = [find("person"), find("mfa")];
let session;
let live;

async function start() {
  session = await (await fetch("/session.json")).json();
  person.replaceChildren(...session.people.map((name) => new Option(name)));
  find("projects").replaceChildren(...session.projects.map(projectView));
  find("groups").replaceChildren(...groupsView());
  person.addEventListener("change", render);
  mfa.addEventListener("change", render);
  live = connect({
    keys: session.key,
    fetch: (path, init) => fetch(`/feed${path}`, init),
    ask: async (question) => (await post("/ask", question)).json(),
    onChange: ({ why }) => {
      note(why === "time" ? "an answer has come to its end" : `revision ${live.cohort.revision}`);
      render();
    },
    onError: (error) => {
      note(error.code.replaceAll("_", " "));
      render();
    },
  });
  await live.ready;
  await render();
}

/** Decides about every button, and says how things stand. */
async function render() {
  await Promise.all([...document.querySelectorAll("button[data-permission]")].map(decide));
  const status = find("status");
  status.dataset.is = live.status;
  const at = live.cohort === undefined ? "" : `, revision ${live.cohort.revision}`;
  status.querySelector(".words").textContent = WORDS[live.status] + at;
}

async function decide(button) {
  const { permission, scope, parent } = button.dataset;
  const told = { parent, conditions: mfa.checked ? ["mfa"] : [] };
  const asked = [person.value, permission, scope, told];
  const { outcome, reason, conditions } = await live.ask(...asked);
  // Not `disabled`: who cannot press it shall be able to learn why.
  button.setAttribute("aria-disabled", String(outcome !== "allow"));
  const needs = conditions === undefined ? "" : ` (${conditions.join(", ")})`;
  button.why = () => (live.cohort === undefined ? `${outcome} ${reason}${needs}` : live.explain(...asked));
}

function projectView({ scope, title, invoices }) {
  const view = element("div", { className: "project" });
  const heading = element("h3", { textContent: `${title} ` });
  heading.append(element("small", { textContent: scope }));
  view.append(heading, ...invoices.map((invoice) => invoiceView(invoice, scope)));
  return view;
}

function invoiceView({ scope, title, sum }, parent) {
  const row = element("div", { className: "invoice" });
  const acts = element("div", { className: "acts" });
  for (const [words, permission] of ACTS) {
    const button = element("button", { type: "button", textContent: words });
    Object.assign(button.dataset, { permission, scope, parent });
    button.setAttribute("aria-disabled", "true");
    const tell = () => (find("reason").textContent = `${person.value} ${permission} ${scope}\n→ ${button.why?.() ?? ""}`);
    for (const event of ["pointerenter", "focus", "click"]) button.addEventListener(event, tell);
    acts.append(button);
  }
  row.append(element("span", { textContent: title }), element("span", { className: "sum", textContent: sum }), acts);
  return row;
}

/** A row for each group, a box for each person: what the directory holds, and a way to change it. */
function groupsView() {
  const head = element("tr");
  head.append(element("th"), ...session.people.map((name) => element("th", { textContent: name, scope: "col" })));
  const rows = session.groups.map(({ slug, title, members }) => {
    const row = element("tr");
    row.append(element("th", { textContent: title, scope: "row" }));
    for (const user of session.people) {
      const box = element("input", { type: "checkbox", checked: members.includes(user), ariaLabel: `${user} in ${title}` });
      box.addEventListener("change", () => move(box, slug, user));
      const cell = element("td");
      cell.append(box);
      row.append(cell);
    }
    return row;
  });
  const [thead, tbody] = [element("thead"), element("tbody")];
  thead.append(head);
  tbody.append(...rows);
  return [thead, tbody];
}

async function move(box, group, user) {
  const answer = await post("/members", { group, user, isMember: box.checked });
  if (!answer.ok) {
    box.checked = !box.checked;
    note(`not changed: ${answer.status}`);
  }
  // Whoever follows hears of it; whoever asks the server has to ask again.
  if (live.status === "asking") await render();
}

function note(words) {
  const line = element("li");
  line.append(element("time", { textContent: new Date().toLocaleTimeString() }), words);
  find("log").prepend(line);
  while (find("log").childElementCount > LOG_LINES_MAX) find("log").lastElementChild.remove();
}

function post(path, body) {
  return fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

function element(name, properties = {}) {
  return Object.assign(document.createElement(name), properties);
}

start();
