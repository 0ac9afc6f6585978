/* The kamus of a file as a table to fill in.
 *
 * The textarea inside the module's element stays the one field that is sent: each change writes
 * all rows into it as JSON. Without this script the textarea is simply shown.
 *
 * data-module-columns - list of {key, label, limit, choices: [{value, text}]}
 * data-module-texts   - caption, add, remove, row, added, removed; {row} stands for a number
 */
this.ckan.module("tangerang-kamus", function () {
  "use strict";

  function element(name, properties, children) {
    var node = Object.assign(document.createElement(name), properties || {});
    (children || []).forEach(function (child) {
      node.appendChild(child);
    });
    return node;
  }

  return {
    options: { columns: [], texts: {} },

    initialize: function () {
      this.field = this.el[0].querySelector("textarea");
      var rows = this._rows();
      if (!rows) {
        return; // not a table: leave the text to be mended by hand
      }
      this._build();
      rows.forEach(this._addRow, this);
      if (!rows.length) {
        this._addRow({});
      }
    },

    _rows: function () {
      var text = this.field.value.trim();
      if (!text) {
        return [];
      }
      try {
        var rows = JSON.parse(text);
        return Array.isArray(rows) ? rows : null;
      } catch (error) {
        return null;
      }
    },

    _text: function (name, row) {
      return this.options.texts[name].replace("{row}", row);
    },

    _build: function () {
      var self = this;
      var head = element("tr");
      this.options.columns.forEach(function (column) {
        head.appendChild(element("th", { scope: "col", textContent: column.label }));
      });
      head.appendChild(element("td"));
      this.body = element("tbody");
      this.status = element("div", { className: "visually-hidden" });
      this.status.setAttribute("role", "status");
      var add = element("button", {
        type: "button",
        className: "btn btn-secondary",
        textContent: this.options.texts.add,
      });
      add.addEventListener("click", function () {
        self._addRow({}).querySelector("input").focus();
        self.status.textContent = self._text("added", self.body.rows.length);
      });
      this.body.addEventListener("input", this._store.bind(this));
      this.body.addEventListener("change", this._store.bind(this));
      var caption = element("caption", {
        className: "visually-hidden",
        textContent: this.options.texts.caption,
      });
      var table = element(
        "table",
        { className: "table table-bordered tangerang-kamus-grid" },
        [caption, element("thead", {}, [head]), this.body],
      );
      var grid = element("div", { className: "table-responsive" }, [table]);
      this.field.hidden = true;
      this.field.after(grid, add, this.status);
    },

    _addRow: function (values) {
      var self = this;
      var row = element("tr");
      this.options.columns.forEach(function (column) {
        var input;
        if (column.choices.length) {
          input = element("select", { className: "form-select" });
          input.appendChild(new Option("", ""));
          column.choices.forEach(function (choice) {
            input.appendChild(new Option(choice.text, choice.value));
          });
        } else {
          input = element("input", {
            type: "text",
            className: "form-control",
            maxLength: column.limit,
          });
        }
        input.value = values[column.key] === undefined ? "" : values[column.key];
        input.dataset.key = column.key;
        input.dataset.label = column.label;
        row.appendChild(element("td", {}, [input]));
      });
      var remove = element("button", { type: "button", className: "btn btn-danger" }, [
        element("i", { className: "fa fa-trash" }),
      ]);
      remove.addEventListener("click", function () {
        self._removeRow(row);
      });
      row.appendChild(element("td", {}, [remove]));
      this.body.appendChild(row);
      this._number();
      return row;
    },

    _removeRow: function (row) {
      var number = Array.prototype.indexOf.call(this.body.rows, row) + 1;
      row.remove();
      if (!this.body.rows.length) {
        this._addRow({});
      }
      this._number();
      this._store();
      this.body.rows[Math.min(number, this.body.rows.length) - 1].querySelector("input").focus();
      this.status.textContent = this._text("removed", number);
    },

    _number: function () {
      var self = this;
      Array.prototype.forEach.call(this.body.rows, function (row, index) {
        row.querySelectorAll("[data-key]").forEach(function (input) {
          input.setAttribute("aria-label", input.dataset.label + ", " + self._text("row", index + 1));
        });
        row.querySelector("button").setAttribute("aria-label", self._text("remove", index + 1));
      });
    },

    _store: function () {
      var rows = [];
      Array.prototype.forEach.call(this.body.rows, function (row) {
        var values = {};
        row.querySelectorAll("[data-key]").forEach(function (input) {
          if (input.value.trim()) {
            values[input.dataset.key] = input.value.trim();
          }
        });
        if (Object.keys(values).length) {
          rows.push(values);
        }
      });
      this.field.value = rows.length ? JSON.stringify(rows) : "";
    },
  };
});
