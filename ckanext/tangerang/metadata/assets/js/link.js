/* Fields that name another record, as a search field (ARIA combobox with a list).
 *
 * The field that is sent holds ids and is hidden; what is typed stands in a field without a name.
 * An id that can not be resolved is kept as it is. Without this script the ids are typed.
 */
this.tangerang = this.tangerang || {};
this.tangerang.link = (function () {
  "use strict";

  var WAIT = 250;
  var SHORTEST = 2;
  var made = 0;

  function element(name, properties, children) {
    var node = Object.assign(document.createElement(name), properties || {});
    (children || []).forEach(function (child) {
      node.append(child);
    });
    return node;
  }

  /* The texts and the address of the search stand once or more in the page, always the same. */
  function given() {
    var data = document.querySelector("[data-link-texts]").dataset;
    return { texts: JSON.parse(data.linkTexts), source: data.linkSource };
  }

  /* Make a search field of `field`.
   *
   * type    - kegiatan, indikator or variabel
   * label   - what the present value is called; without it the value itself is shown
   * several - each choice is handed to `chosen` and the field emptied
   * free    - text that names no record is kept as the value
   * chosen  - called with {value, label} */
  return function (field, options) {
    var text = given().texts;
    made += 1;
    var id = "tangerang-link-" + made;
    var input = element("input", {
      type: "text", className: "form-control", autocomplete: "off", spellcheck: false,
    });
    var list = element("ul", { id: id + "-list", className: "tangerang-link-list", hidden: true });
    var status = element("span", { className: "visually-hidden" });
    var hint = element("span", { className: "info-block", id: id + "-hint", textContent: text.hint });
    var clear = element("button", { type: "button", className: "btn btn-link tangerang-link-clear" });
    var box = element("div", { className: "tangerang-link" }, [input, clear, list, hint, status]);
    var active = -1;
    var found = [];
    var timer = null;
    var asked = 0;
    var label = "";

    list.setAttribute("role", "listbox");
    status.setAttribute("role", "status");
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute(
      "aria-describedby", [hint.id, field.getAttribute("aria-describedby")].filter(Boolean).join(" ")
    );
    clear.append(element("i", { className: "fa fa-xmark" }));
    clear.firstChild.setAttribute("aria-hidden", "true");

    function close() {
      list.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function show(value) {
      label = value;
      input.value = value;
      clear.hidden = !field.value || Boolean(options.several);
      clear.setAttribute("aria-label", text.clear.replace("{label}", value));
    }

    function store(value) {
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }

    function choose(item) {
      close();
      status.textContent = text.chosen.replace("{label}", item.label);
      if (options.several) {
        options.chosen(item);
        input.value = "";
        return;
      }
      store(item.value);
      show(item.label);
    }

    function mark(index) {
      active = index;
      Array.from(list.children).forEach(function (node, number) {
        node.setAttribute("aria-selected", String(number === index));
        if (number === index) {
          node.scrollIntoView({ block: "nearest" });
          input.setAttribute("aria-activedescendant", node.id);
        }
      });
    }

    function offer(items) {
      found = items;
      list.replaceChildren();
      items.forEach(function (item, index) {
        var node = element("li", { id: id + "-" + index }, [
          element("span", { textContent: item.label }),
          element("small", { textContent: item.detail || "" }),
        ]);
        node.setAttribute("role", "option");
        node.setAttribute("aria-selected", "false");
        node.addEventListener("mousedown", function (event) {
          event.preventDefault(); // the field keeps the focus
          choose(item);
        });
        list.append(node);
      });
      list.hidden = !items.length;
      input.setAttribute("aria-expanded", String(items.length > 0));
      status.textContent = items.length
        ? text.found.replace("{count}", items.length)
        : text.none;
      hint.textContent = items.length ? text.hint : text.none;
      active = -1;
    }

    function search() {
      var query = input.value.trim();
      asked += 1;
      var mine = asked;
      if (query.length < SHORTEST) {
        close();
        return;
      }
      var address = new URL(given().source, window.location.href);
      address.search = new URLSearchParams({ type: options.type, q: query });
      window
        .fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" })
        .then(function (answer) {
          return answer.json();
        })
        .then(function (answer) {
          if (mine === asked) {
            offer(answer.result);
          }
        })
        .catch(function () {
          if (mine === asked) {
            close();
            hint.textContent = status.textContent = text.failed;
          }
        });
    }

    function leave() {
      close();
      if (options.several || input.value === label) {
        return;
      }
      if (options.free || !input.value.trim()) {
        store(input.value.trim());
        show(input.value.trim());
      } else {
        show(label); // only what was chosen counts
      }
    }

    input.addEventListener("input", function (event) {
      event.stopPropagation();
      window.clearTimeout(timer);
      timer = window.setTimeout(search, WAIT);
    });
    input.addEventListener("change", function (event) {
      event.stopPropagation();
    });
    input.addEventListener("blur", leave);
    input.addEventListener("keydown", function (event) {
      var open = !list.hidden;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (open) {
          var step = event.key === "ArrowDown" ? 1 : -1;
          mark((active + step + found.length) % found.length);
        } else {
          search();
        }
      } else if (event.key === "Enter" && (open || input.value !== label)) {
        event.preventDefault(); // the form is not sent by choosing
        if (open && active >= 0) {
          choose(found[active]);
        }
      } else if (event.key === "Escape" && (open || input.value !== label)) {
        event.preventDefault();
        show(options.several ? "" : label);
        close();
      }
    });
    clear.addEventListener("click", function () {
      status.textContent = text.cleared.replace("{label}", label);
      store("");
      show("");
      input.focus();
    });

    var name = document.querySelector('label[for="' + field.id + '"]') ||
      (field.previousElementSibling && field.previousElementSibling.htmlFor === field.id
        ? field.previousElementSibling
        : null);
    input.id = id;
    if (name) {
      name.htmlFor = id;
    }
    field.hidden = true;
    field.after(box);
    show(options.several ? "" : options.label || field.value);
    return input;
  };
})();

/* data-module-type    - kegiatan, indikator or variabel
 * data-module-several - the field holds several ids, one per line
 * data-module-items   - [{value, label, known}] of the present ids */
this.ckan.module("tangerang-link", function () {
  "use strict";

  return {
    options: { type: "", several: false, items: [] },

    initialize: function () {
      var self = this;
      this.field = this.el[0].querySelector("input, textarea");
      if (!this.options.several) {
        var item = this.options.items[0];
        window.tangerang.link(this.field, {
          type: this.options.type, label: item ? item.label : "",
        });
        return;
      }
      this.list = document.createElement("ul");
      this.list.className = "tangerang-link-chosen";
      this.items = this.options.items.slice();
      this.input = window.tangerang.link(this.field, {
        type: this.options.type,
        several: true,
        chosen: function (chosen) {
          if (!self.items.some(function (known) { return known.value === chosen.value; })) {
            self.items.push(chosen);
            self._store();
          }
        },
      });
      this.field.before(this.list);
      this._draw();
    },

    _store: function () {
      this.field.value = this.items
        .map(function (item) {
          return item.value;
        })
        .join("\n");
      this.field.dispatchEvent(new Event("change", { bubbles: true }));
      this._draw();
    },

    _draw: function () {
      var self = this;
      var texts = JSON.parse(this.el[0].dataset.linkTexts);
      this.list.replaceChildren();
      this.items.forEach(function (item, index) {
        var node = document.createElement("li");
        var remove = document.createElement("button");
        remove.type = "button";
        remove.className = "btn btn-link";
        remove.textContent = "×";
        remove.setAttribute(
          "aria-label", texts.clear.replace("{label}", item.label)
        );
        remove.addEventListener("click", function () {
          self.items.splice(index, 1);
          self._store();
          self.input.focus();
        });
        node.append(item.label, remove);
        self.list.append(node);
      });
    },
  };
});
