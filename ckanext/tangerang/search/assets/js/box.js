/* Suggestions under a search box: the pattern "editable combobox with list autocomplete" of
   ARIA 1.2. The input stays a plain one until this runs; Enter without a choice searches.

   No module of CKAN: those do not start again when htmx brings a page back from the history.

   data-search-url   - answers with {groups: [{label, items: [{title, url}]}], message}
   data-search-label - name of the list for screen readers */
(function () {
  "use strict";

  /* htmx runs the scripts of a page that it brings back once more. */
  var root = document.documentElement;
  if (root.hasAttribute("data-search-boxes")) { return; }
  root.setAttribute("data-search-boxes", "");

  var WAIT = 200;
  var SHORTEST = 2;
  var started = new WeakSet();
  var boxes = 0;

  function make(name, className, text) {
    var element = document.createElement(name);
    if (className) { element.className = className; }
    if (text) { element.textContent = text; }
    return element;
  }

  function Box(field) {
    boxes += 1;
    this.field = field;
    this.input = field.querySelector("input");
    this.id = "search-suggestions-" + boxes;
    this.active = -1;
    this.items = [];
    this.build();
    this.listen();
  }

  Box.prototype = {
    build: function () {
      /* A page out of the history holds the list of the last time. */
      this.field.querySelectorAll(".search-suggestions, [role=status]").forEach(function (old) {
        old.remove();
      });
      this.list = make("div", "search-suggestions");
      this.list.id = this.id;
      this.list.hidden = true;
      this.list.setAttribute("role", "listbox");
      this.list.setAttribute("aria-label", this.field.dataset.searchLabel);
      this.status = make("div", "visually-hidden");
      this.status.setAttribute("role", "status");
      this.status.setAttribute("aria-live", "polite");
      this.field.append(this.list, this.status);
      var states = {
        "role": "combobox",
        "aria-autocomplete": "list",
        "aria-controls": this.id,
        "aria-expanded": "false"
      };
      for (var name in states) { this.input.setAttribute(name, states[name]); }
    },

    listen: function () {
      var self = this;
      this.input.addEventListener("input", function () {
        clearTimeout(self.timer);
        self.timer = setTimeout(function () { self.ask(); }, WAIT);
      });
      this.input.addEventListener("keydown", function (event) { self.press(event); });
      this.input.addEventListener("blur", function () { self.close(); });
      /* The list sits in forms that search at each change: choosing is no change. */
      this.list.addEventListener("mousedown", function (event) { event.preventDefault(); });
      this.list.addEventListener("click", function (event) {
        var option = event.target.closest("[role=option]");
        if (option) { self.go(option); }
      });
    },

    ask: function () {
      var self = this;
      var text = this.input.value.trim();
      if (this.request) { this.request.abort(); }
      if (text.length < SHORTEST) { this.close(); this.status.textContent = ""; return; }
      this.request = new AbortController();
      fetch(this.field.dataset.searchUrl + "?q=" + encodeURIComponent(text), {
        signal: this.request.signal,
        headers: { "Accept": "application/json" }
      }).then(function (answer) {
        return answer.ok ? answer.json() : { groups: [], message: "" };
      }).then(function (found) {
        if (document.activeElement === self.input) { self.show(found); }
      }).catch(function () { self.close(); });
    },

    show: function (found) {
      var self = this;
      this.active = -1;
      this.items = [];
      this.input.removeAttribute("aria-activedescendant");
      this.list.replaceChildren();
      found.groups.forEach(function (group, number) {
        var part = make("div", "search-suggestions-group");
        var heading = make("div", "search-suggestions-heading", group.label);
        heading.id = self.id + "-group-" + number;
        part.setAttribute("role", "group");
        part.setAttribute("aria-labelledby", heading.id);
        part.append(heading);
        group.items.forEach(function (item) {
          var option = make("div", "search-suggestion", item.title);
          option.id = self.id + "-" + self.items.length;
          option.setAttribute("role", "option");
          option.setAttribute("aria-selected", "false");
          option.dataset.url = item.url;
          self.items.push(option);
          part.append(option);
        });
        self.list.append(part);
      });
      this.status.textContent = found.message;
      this.toggle(this.items.length > 0);
    },

    toggle: function (open) {
      this.list.hidden = !open;
      this.input.setAttribute("aria-expanded", open ? "true" : "false");
    },

    close: function () {
      clearTimeout(this.timer);
      this.toggle(false);
      this.mark(-1);
    },

    mark: function (number) {
      if (this.items[this.active]) { this.items[this.active].setAttribute("aria-selected", "false"); }
      this.active = number;
      var option = this.items[number];
      if (!option) { this.input.removeAttribute("aria-activedescendant"); return; }
      option.setAttribute("aria-selected", "true");
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    },

    go: function (option) {
      window.location.assign(option.dataset.url);
    },

    press: function (event) {
      var open = !this.list.hidden;
      var count = this.items.length;
      if (event.key === "Escape" && open) {
        event.preventDefault();
        this.close();
      } else if (event.key === "Enter" && open && this.active >= 0) {
        event.preventDefault();
        this.go(this.items[this.active]);
      } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count) {
        event.preventDefault();
        this.toggle(true);
        /* One place of the round is the input itself: no suggestion is chosen there. */
        var step = event.key === "ArrowDown" ? 1 : -1;
        this.mark((this.active + 1 + step + count + 1) % (count + 1) - 1);
      }
    }
  };

  function start() {
    document.querySelectorAll("[data-search-url]").forEach(function (field) {
      if (!started.has(field)) {
        started.add(field);
        new Box(field);
      }
    });
  }

  document.addEventListener("htmx:load", start);
  document.addEventListener("htmx:historyRestore", start);
  document.addEventListener("DOMContentLoaded", start);
  start();
})();
