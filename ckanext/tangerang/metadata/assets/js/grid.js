/* The rows of an item: variables, periods, releases, the columns of a file.
 *
 * The textarea inside the module's element stays the one field that is sent: each change writes
 * all rows into it as JSON. Without this script the textarea is simply shown. Rows with many
 * columns show their number and title and are opened one by one, so that sixty stay readable and
 * quick; their cells are made when they are opened.
 *
 * data-module-columns - list of {key, label, names, kind, limit, needed, unless, choices,
 *                       suggestions, link, free}
 * data-module-texts   - see the helper tangerang_grid_texts
 * data-module-links   - labels of the records that the rows name, by what is stored
 * data-module-title   - key of the column that names a row
 */
this.ckan.module("tangerang-grid", function () {
  "use strict";

  var conditions = window.tangerang.conditions;
  var table = window.tangerang.table;
  var LIMIT = 500;
  var INLINE = 3;
  var WAIT = 200;
  var CONTROL = ":is(input, select, textarea):not([hidden])";
  var NIL = { nil: ["-", "–", "—", "tidak ada", "nihil", "n/a"] };

  function element(name, properties, children) {
    var node = Object.assign(document.createElement(name), properties || {});
    (children || []).forEach(function (child) {
      node.append(child);
    });
    return node;
  }

  function icon(name) {
    var node = element("i", { className: "fa fa-" + name });
    node.setAttribute("aria-hidden", "true");
    return node;
  }

  /* A cell as text: lists and pairs one per line. */
  function cellText(value) {
    if (!Array.isArray(value)) {
      return value === undefined || value === null ? "" : String(value);
    }
    return value
      .map(function (entry) {
        if (entry === null || typeof entry !== "object") {
          return String(entry);
        }
        var right = entry.nilai === undefined ? "" : entry.nilai;
        return entry.kode === undefined && !right.includes("=")
          ? right
          : ((entry.kode || "") + " = " + right).trim();
      })
      .join("\n");
  }

  return {
    options: { columns: [], texts: {}, links: {}, title: "" },

    initialize: function () {
      this.field = this.el[0].querySelector("textarea");
      var rows = this._parse();
      if (!rows) {
        return; // no rows: leave the text to be mended by hand
      }
      this.id = this.field.id;
      this.inline = this.options.columns.length <= INLINE &&
        this.options.columns.every(function (column) {
          return ["text", "date", "year", "decimal", "choice"].includes(column.kind);
        });
      this._build();
      this._load(rows);
      this._takeErrors();
      this._listen();
    },

    _parse: function () {
      var text = this.field.value.trim();
      if (!text) {
        return [];
      }
      try {
        var rows = JSON.parse(text);
        var fine = Array.isArray(rows) && rows.every(function (row) {
          return row !== null && typeof row === "object" && !Array.isArray(row);
        });
        return fine ? rows : null;
      } catch (error) {
        return null;
      }
    },

    _text: function (name, values) {
      return this.options.texts[name].replace(/\{(\w+)\}/g, function (whole, key) {
        return key in (values || {}) ? values[key] : whole;
      });
    },

    _say: function (text) {
      this.status.textContent = text;
    },

    /* The frame */

    _build: function () {
      var self = this;
      this.list = element("ol", { className: "tangerang-rows" });
      this.count = element("span", { className: "tangerang-grid-count" });
      this.status = element("p", { className: "tangerang-grid-status" });
      this.status.setAttribute("role", "status");
      this.addButton = this._button("plus", this.options.texts.add, "btn-secondary", function () {
        self._focus(self._insert({}, null, true));
        self._changed();
        self._say(self._text("added", { row: self._name(self._live().length) }));
      });
      var paste = this._button("clipboard", this.options.texts.paste, "btn-link", function () {
        self._openPaste();
      });
      this.allButton = this._button("angles-down", "", "btn-link", function () {
        var open = !self._allOpen();
        self.rows.forEach(function (row) {
          self._toggle(row, open);
        });
        self._summary();
      });
      this.tools = element(
        "div",
        { className: "tangerang-grid-tools" },
        // A period or two is quicker typed; what is pasted into a cell is taken there, too.
        this.inline ? [this.addButton] : [this.addButton, paste, this.allButton, this.count]
      );
      this.panel = element("div", { className: "tangerang-grid-paste", hidden: true });
      this.root = element(
        "div",
        { className: "tangerang-grid" + (this.inline ? " tangerang-grid-inline" : "") },
        [this.list, this.tools, this.panel, this.status]
      );
      this.root.setAttribute("role", "group");
      var label = this.el[0].querySelector('label[for="' + this.id + '"]');
      if (label) {
        label.id = label.id || this.id + "-label";
        label.removeAttribute("for"); // the text field that it names is hidden now
        this.root.setAttribute("aria-labelledby", label.id);
      }
      this.options.columns.forEach(function (column) {
        if (column.suggestions.length) {
          var list = element("datalist", { id: self.id + "-" + column.key });
          column.suggestions.forEach(function (value) {
            list.append(element("option", { value: value }));
          });
          self.root.append(list);
        }
      });
      this.field.hidden = true;
      this.field.after(this.root);
    },

    _button: function (sign, text, style, action) {
      var button = element("button", { type: "button", className: "btn " + style }, [
        icon(sign), " ", element("span", { textContent: text }),
      ]);
      button.addEventListener("click", action);
      return button;
    },

    _iconButton: function (sign, kind, action) {
      var button = element("button", {
        type: "button",
        className: "btn btn-link tangerang-row-" + kind,
      }, [icon(sign)]);
      button.dataset.does = kind;
      button.addEventListener("click", action);
      return button;
    },

    _load: function (rows) {
      this.rows = [];
      this.list.replaceChildren();
      rows.forEach(function (values) {
        this._insert(values, null, false);
      }, this);
      this.written = this.field.value;
      this._number();
    },

    _listen: function () {
      var self = this;
      this.root.addEventListener("input", function (event) {
        self._edited(event.target);
      });
      this.root.addEventListener("change", function (event) {
        self._edited(event.target);
        self._write(); // before the form reads it
      });
      this.root.addEventListener("paste", function (event) {
        var text = event.clipboardData.getData("text");
        if (text.includes("\t") && !self.panel.contains(event.target)) {
          event.preventDefault();
          self._take(text);
        }
      });
      this.el[0].addEventListener("tangerang-cell", function (event) {
        self._goTo(event.detail);
      });
      if (this.field.form) {
        this.field.form.addEventListener("submit", function () {
          self._write();
        });
      }
      window.addEventListener("pageshow", function () {
        if (self.field.value !== self.written) {
          self._load(self._parse() || []); // the browser has put earlier rows back
        }
      });
    },

    /* Rows: {values, node, head, body, errors, removed} */

    _live: function () {
      return this.rows.filter(function (row) {
        return !row.removed;
      });
    },

    _name: function (number) {
      return this._text("row", { row: number });
    },

    /* Add a row after another, or at the end. */
    _insert: function (values, after, open) {
      var self = this;
      var row = { values: values, errors: [], removed: false, open: false };
      var toggle = element("button", { type: "button", className: "tangerang-row-toggle" }, [
        element("span", { className: "tangerang-row-number" }),
        element("span", { className: "tangerang-row-title" }),
      ]);
      toggle.addEventListener("click", function () {
        self._toggle(row, !row.open);
        self._summary();
      });
      row.toggle = toggle;
      row.note = element("span", { className: "tangerang-row-note" });
      row.wrong = element("span", { className: "tangerang-row-wrong" });
      row.buttons = element("span", { className: "tangerang-row-buttons" }, [
        this._iconButton("arrow-up", "up", function () {
          self._move(row, -1);
        }),
        this._iconButton("arrow-down", "down", function () {
          self._move(row, 1);
        }),
        this._iconButton("copy", "copy", function () {
          self._copy(row);
        }),
        this._iconButton("trash", "remove", function () {
          self._remove(row);
        }),
      ]);
      row.body = element("div", { className: "tangerang-row-body", hidden: true });
      var number = element("span", { className: "tangerang-row-number" });
      row.node = this.inline
        ? element("li", { className: "tangerang-row" }, [number, row.body, row.buttons, row.wrong])
        : element("li", { className: "tangerang-row" }, [
            element("div", { className: "tangerang-row-head" }, [toggle, row.note, row.buttons]),
            row.wrong,
            row.body,
          ]);
      this.rows.splice(after ? this.rows.indexOf(after) + 1 : this.rows.length, 0, row);
      if (after) {
        after.node.after(row.node);
      } else {
        this.list.append(row.node);
      }
      this._toggle(row, open || this.inline);
      return row;
    },

    _toggle: function (row, open) {
      row.open = open;
      row.body.hidden = !open;
      row.toggle.setAttribute("aria-expanded", String(open));
      if (open && !row.body.childElementCount) {
        this.options.columns.forEach(function (column) {
          row.body.append(this._cell(row, column));
        }, this);
        this._showErrors(row);
      }
    },

    _allOpen: function () {
      return this._live().every(function (row) {
        return row.open;
      });
    },

    _focus: function (row) {
      this._toggle(row, true);
      var first = row.body.querySelector(CONTROL);
      first.focus();
      first.scrollIntoView({ block: "nearest" });
    },

    /* Cells */

    _cell: function (row, column) {
      row.number = row.number || (this.made = (this.made || 0) + 1);
      var id = this.id + "-" + row.number + "-" + column.key;
      var value = cellText(row.values[column.key]);
      var input = this._input(column, value);
      var label = element("label", { textContent: column.label });
      if (column.needed) {
        var star = element("span", { className: "control-required", textContent: "*" });
        star.setAttribute("aria-hidden", "true");
        label.prepend(star, " ");
      }
      label.htmlFor = id;
      input.id = id;
      input.dataset.key = column.key;
      input.setAttribute("aria-describedby", id + "-note");
      var note = element("div", { className: "tangerang-cell-note", id: id + "-note" });
      var help = { list: "one", pairs: "pairs", code: "code" }[column.kind];
      if (help) {
        note.append(element("span", { className: "info-block", textContent: this._text(help) }));
      }
      var cell = element("div", { className: "tangerang-cell tangerang-cell-" + column.kind }, [
        label, input, note,
      ]);
      cell.dataset.column = column.key;
      if (column.link) {
        window.tangerang.link(input, {
          type: column.link,
          free: Boolean(column.free),
          label: this.options.links[value] || "",
        });
      }
      return cell;
    },

    _input: function (column, value) {
      var input;
      if (column.kind === "choice") {
        input = element("select", { className: "form-select" }, [new Option("", "")]);
        column.choices.forEach(function (choice) {
          input.append(new Option(choice.text, choice.value));
        });
        input.value = value;
        if (input.value !== value) {
          input.append(new Option(this._text("notChoice", { value: value }), value));
        }
      } else if (["longtext", "list", "pairs"].includes(column.kind)) {
        input = element("textarea", { className: "form-control", rows: 3 });
      } else {
        // What is no date can not be shown in a date field, and must not vanish.
        var date = column.kind === "date" && /^(\d{4}-\d\d-\d\d)?$/.test(value);
        input = element("input", { className: "form-control", type: date ? "date" : "text" });
        if (column.kind === "year" || column.kind === "decimal") {
          input.inputMode = "decimal";
        }
        if (column.suggestions.length) {
          input.setAttribute("list", this.id + "-" + column.key);
        }
      }
      if (column.limit && !["list", "pairs"].includes(column.kind) && input.tagName !== "SELECT") {
        input.maxLength = Math.max(column.limit, value.length);
      }
      input.value = value;
      return input;
    },

    /* Take a cell's text into its row. */
    _edited: function (input) {
      var key = input.dataset.key;
      var node = input.closest(".tangerang-row");
      if (!key || !node) {
        return;
      }
      var row = this.rows.find(function (candidate) {
        return candidate.node === node;
      });
      var column = this.options.columns.find(function (candidate) {
        return candidate.key === key;
      });
      if (input.value === cellText(row.values[key])) {
        return;
      }
      if (column.kind === "list" || column.kind === "pairs") {
        row.values[key] = input.value.split("\n").filter(function (line) {
          return line.trim();
        });
      } else {
        row.values[key] = input.value;
      }
      row.errors = row.errors.filter(function (error) {
        return error.column !== key;
      });
      this._showErrors(row);
      this._head(row);
      this._later();
    },

    /* What is sent */

    _later: function () {
      var self = this;
      window.clearTimeout(this.timer);
      this.timer = window.setTimeout(function () {
        self._write();
      }, WAIT);
    },

    _write: function () {
      window.clearTimeout(this.timer);
      var rows = this._live()
        .map(function (row) {
          return Object.fromEntries(
            Object.entries(row.values).filter(function (cell) {
              return !conditions.isEmpty(cell[1]);
            })
          );
        })
        .filter(function (values) {
          return Object.keys(values).length;
        });
      this.field.value = this.written = rows.length ? JSON.stringify(rows) : "";
    },

    /* After a change of rows, not of one cell. */
    _changed: function () {
      this._number();
      this._write();
      this.field.dispatchEvent(new Event("change", { bubbles: true }));
    },

    /* Numbers, titles, what is missing */

    _number: function () {
      this._live().forEach(function (row, index, rows) {
        row.index = index;
        row.node.querySelector(".tangerang-row-number").textContent = index + 1;
        row.buttons.querySelectorAll("button").forEach(function (button) {
          button.setAttribute(
            "aria-label",
            this._text(button.dataset.does, { row: this._name(index + 1) })
          );
          button.title = button.getAttribute("aria-label");
        }, this);
        row.buttons.querySelector(".tangerang-row-up").disabled = index === 0;
        row.buttons.querySelector(".tangerang-row-down").disabled = index === rows.length - 1;
        this._head(row);
      }, this);
      this._summary();
    },

    _summary: function () {
      var rows = this._live();
      this.count.textContent = rows.length
        ? this._text("count", { count: rows.length })
        : this.options.texts.none;
      this.allButton.hidden = rows.length < 2;
      this.allButton.querySelector("span").textContent =
        this.options.texts[this._allOpen() ? "close" : "open"];
    },

    _head: function (row) {
      if (this.inline) {
        return;
      }
      var title = row.toggle.querySelector(".tangerang-row-title");
      title.textContent = cellText(row.values[this.options.title]) || this.options.texts.unnamed;
      var missing = conditions
        .missingColumns(NIL, this.options.columns, row.values)
        .map(function (column) {
          return column.label;
        });
      row.note.textContent = missing.length
        ? this._text("missing", { names: missing.join(", ") })
        : "";
    },

    /* Errors */

    /* The errors that the server found in cells, and showed below the whole item. */
    _takeErrors: function () {
      var item = this.el[0].closest("[data-cells]");
      var rows = this._live();
      (item ? JSON.parse(item.dataset.cells) : []).forEach(function (error) {
        if (rows[error.row - 1]) {
          rows[error.row - 1].errors.push(error);
        }
      });
      if (item) {
        item.querySelectorAll(".tangerang-cell-error").forEach(function (node) {
          node.remove();
        });
      }
      rows.forEach(this._showErrors, this);
    },

    _showErrors: function (row) {
      var whole = row.errors.filter(function (error) {
        return !error.column;
      });
      row.node.classList.toggle("error", row.errors.length > 0);
      row.wrong.textContent = whole
        .map(function (error) {
          return error.text;
        })
        .concat(
          row.errors.length && !row.open ? this._text("wrong", { count: row.errors.length }) : []
        )
        .join(" ");
      row.body.querySelectorAll(".tangerang-cell").forEach(function (cell) {
        var found = row.errors.filter(function (error) {
          return error.column === cell.dataset.column;
        });
        cell.classList.toggle("error", found.length > 0);
        cell.querySelectorAll(".error-block").forEach(function (node) {
          node.remove();
        });
        found.forEach(function (error) {
          cell.querySelector(".tangerang-cell-note").append(
            element("span", { className: "error-block", textContent: error.text })
          );
        });
        var input = cell.querySelector("[data-key]");
        if (found.length) {
          input.setAttribute("aria-invalid", "true");
        } else {
          input.removeAttribute("aria-invalid");
        }
      });
    },

    _goTo: function (place) {
      var row = this._live()[place.row - 1];
      if (!row) {
        return;
      }
      this._toggle(row, true);
      this._showErrors(row);
      var cell = row.body.querySelector(
        '[data-column="' + place.column + '"] ' + CONTROL
      );
      (cell || row.toggle).focus();
    },

    /* Moving, copying, removing */

    _move: function (row, step) {
      var rows = this._live();
      var at = rows.indexOf(row);
      var other = rows[at + step];
      if (!other) {
        return;
      }
      var from = this.rows.indexOf(row);
      var to = this.rows.indexOf(other);
      this.rows[from] = other;
      this.rows[to] = row;
      // Only the two change places; rows that are being removed stay where they are.
      var mark = element("li");
      row.node.replaceWith(mark);
      other.node.replaceWith(row.node);
      mark.replaceWith(other.node);
      this._changed();
      var kind = step < 0 ? "up" : "down";
      var button = row.buttons.querySelector(".tangerang-row-" + kind);
      (button.disabled
        ? row.buttons.querySelector(".tangerang-row-" + (step < 0 ? "down" : "up"))
        : button
      ).focus();
      this._say(
        this._text("moved", {
          row: this._name(at + 1), number: at + step + 1, count: rows.length,
        })
      );
    },

    _copy: function (row) {
      var values = JSON.parse(JSON.stringify(row.values));
      this.options.columns.forEach(function (column) {
        if (column.kind === "code") {
          delete values[column.key]; // the copy is another thing: it gets a code of its own
        }
      });
      var copy = this._insert(values, row, true);
      this._changed();
      this._focus(copy);
      this._say(
        this._text("copied", {
          row: this._name(copy.index + 1), other: this._name(row.index + 1),
        })
      );
    },

    _remove: function (row) {
      var self = this;
      var name = this._name(row.index + 1);
      var title = cellText(row.values[this.options.title]);
      var undo = this._button("rotate-left", this.options.texts.undo, "btn-secondary", function () {
        row.removed = false;
        gone.replaceWith(row.node);
        self._changed();
        (self.inline ? row.body.querySelector(CONTROL) : row.toggle).focus();
        self._say(self._text("restored", { row: self._name(row.index + 1) }));
      });
      var gone = element("li", { className: "tangerang-row tangerang-row-gone" }, [
        element("span", {
          textContent: this._text("removed", { row: name + (title ? " (" + title + ")" : "") }),
        }),
        undo,
      ]);
      row.removed = true;
      row.node.replaceWith(gone);
      this._changed();
      undo.focus();
      this._say(this._text("removed", { row: name }));
    },

    /* Pasting */

    _openPaste: function () {
      var self = this;
      var id = this.id + "-paste";
      var names = this.options.columns
        .map(function (column) {
          return column.label;
        })
        .join(", ");
      var text = element("textarea", { className: "form-control", id: id, rows: 6 });
      var close = function () {
        self.panel.hidden = true;
        self.panel.replaceChildren();
      };
      this.panel.replaceChildren(
        element("label", {
          htmlFor: id, textContent: this._text("pasteHelp", { names: names }),
        }),
        text,
        this._button("check", this.options.texts.take, "btn-primary", function () {
          var taken = self._take(text.value);
          if (taken) {
            close();
            self.addButton.focus();
          }
        }),
        " ",
        this._button("xmark", this.options.texts.cancel, "btn-link", function () {
          close();
          self.addButton.focus();
        })
      );
      this.panel.hidden = false;
      text.focus();
    },

    /* Add the rows of pasted text; return how many. */
    _take: function (text) {
      var cells = table.parse(text);
      var columns = this.options.columns;
      var headings = cells.length ? table.headings(cells[0], columns) : null;
      var unknown = [];
      if (headings) {
        unknown = cells[0].filter(function (name, index) {
          return name && !headings[index];
        });
        cells.shift();
        columns = headings;
      }
      var room = LIMIT - this._live().length;
      var taken = cells.slice(0, room);
      taken.forEach(function (line) {
        var values = {};
        line.forEach(function (cell, index) {
          if (cell && columns[index]) {
            values[columns[index].key] = table.value(cell, columns[index]);
          }
        });
        this._insert(values, null, false);
      }, this);
      this._dropEmpty();
      this._changed();
      var sentences = [
        taken.length
          ? this._text("pasted", { count: taken.length })
          : this.options.texts.pastedNone,
      ];
      if (cells.length > room) {
        sentences.push(this._text("pastedLimit", { count: room }));
      }
      if (unknown.length) {
        sentences.push(this._text("unknown", { names: unknown.join(", ") }));
      }
      this._say(sentences.join(" "));
      return taken.length;
    },

    /* Take away rows in which nothing was written. */
    _dropEmpty: function () {
      this.rows = this.rows.filter(function (row) {
        var empty = !row.removed && Object.values(row.values).every(conditions.isEmpty);
        if (empty) {
          row.node.remove();
        }
        return !empty;
      });
    },
  };
});
