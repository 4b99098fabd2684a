// Keeps an open page as it is now: the server renders the parts that have changed, this puts them in their places.
"use strict";
(() => {
  const source = document.body.dataset.events;
  if (!source || !window.EventSource) return;
  const SILENT = 40_000; // milliseconds without a sign of life, which comes each 15 s
  const AGAIN = 30_000;
  const live = document.getElementById("live");
  const words = live.querySelector("[data-on]");
  const say = document.getElementById("say");
  const clock = document.getElementById("clock");
  let events = null;
  let last = ""; // what the page knows
  let alarm = 0;

  const show = (on) => {
    live.hidden = false;
    live.classList.toggle("lost", !on);
    words.textContent = on ? words.dataset.on : `${words.dataset.off} ${clock.textContent}`;
  };

  const heard = (event) => {
    if (event.lastEventId) last = event.lastEventId;
    clearTimeout(alarm);
    alarm = setTimeout(() => { show(false); connect(); }, SILENT);
    show(true);
  };

  // What a person has done to a part must outlive it: what they opened, wrote, and where they are.
  const keep = (part) => {
    const details = [...part.querySelectorAll("details[id]")].map((each) => [each.id, each.open]);
    const fields = [...part.querySelectorAll("input[id], textarea[id]")]
      .filter((field) => field.value !== field.defaultValue)
      .map((field) => [field.id, field.value]);
    const here = document.activeElement;
    const inside = here && part.contains(here) && here !== part;
    const focus = inside ? { id: here.id, href: here.getAttribute("href"), tag: here.localName } : null;
    if (part.localName === "details" && part.id) details.push([part.id, part.open]);
    return { details, fields, focus };
  };

  const restore = (part, { details, fields, focus }) => {
    for (const [id, open] of details) {
      const found = document.getElementById(id);
      if (found) found.open = open;
    }
    for (const [id, value] of fields) {
      const found = document.getElementById(id);
      if (found) found.value = value;
    }
    if (!focus) return;
    const found = focus.id ? document.getElementById(focus.id)
      : focus.href ? [...part.querySelectorAll("a")].find((link) => link.getAttribute("href") === focus.href)
      : part.querySelector(focus.tag);
    if (found) found.focus({ preventScroll: true });
  };

  const place = (part, into, before) => {
    const parent = document.getElementById(into);
    if (!parent) return;
    const next = before ? document.getElementById(before) : null;
    parent.insertBefore(part, next && next.parentNode === parent ? next : null);
  };

  const swap = ({ id, html, into, before }) => {
    let part = document.getElementById(id);
    if (!html) { if (part) part.remove(); return; }
    if (!part) {
      if (!document.getElementById(into)) return;
      part = document.createElement("div");
      part.id = id;
      place(part, into, before);
    }
    const kept = keep(part);
    part.outerHTML = html;
    const fresh = document.getElementById(id);
    if (!fresh) return;
    if (into) {
      const next = before ? document.getElementById(before) : null;
      const lies = fresh.parentNode.id === into && (next ? fresh.nextElementSibling === next : !fresh.nextElementSibling);
      if (!lies) place(fresh, into, before);
    }
    restore(fresh, kept);
    fresh.classList.add("fresh");
  };

  const change = (event) => {
    heard(event);
    const { parts, say: said } = JSON.parse(event.data);
    parts.forEach(swap);
    if (said && said.length) {
      const more = document.body.dataset.more;
      say.textContent = said.map((each) => (/^\+\d+$/.test(each) ? more.replace("{number}", each.slice(1)) : each)).join(". ");
    }
  };

  const beat = (event) => {
    heard(event);
    clock.textContent = JSON.parse(event.data);
    show(true);
  };

  // Never over what somebody is writing.
  const reload = () => {
    const writes = [...document.querySelectorAll("input, textarea")]
      .some((field) => field.type !== "hidden" && field.value !== field.defaultValue);
    if (writes) show(false); else location.reload();
  };

  function connect() {
    disconnect();
    const url = new URL(source, location.href);
    if (last) url.searchParams.set("since", last);
    events = new EventSource(url);
    events.addEventListener("change", change);
    events.addEventListener("beat", beat);
    events.addEventListener("reload", reload);
    events.onerror = () => {
      show(false);
      if (events && events.readyState === EventSource.CLOSED) alarm = setTimeout(connect, AGAIN);
    };
  }

  function disconnect() {
    clearTimeout(alarm);
    if (events) events.close();
    events = null;
  }

  // A browser has few connections to one server: a page that nobody sees gives its own back.
  document.addEventListener("visibilitychange", () => (document.hidden ? disconnect() : connect()));
  window.addEventListener("pagehide", disconnect);
  window.addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
  connect();
})();
