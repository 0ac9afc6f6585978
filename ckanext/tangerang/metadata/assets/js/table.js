/* Rows copied from a spreadsheet: text with tabs between cells and line breaks between rows. */
this.tangerang = this.tangerang || {};
this.tangerang.table = (function () {
  "use strict";

  function plain(text) {
    return text.toLowerCase().replace(/[^a-z0-9]+/g, " ").trim();
  }

  return {
    /* The cells of pasted text. A cell with line breaks or quotes stands in quotes, as Excel
     * and LibreOffice copy it. */
    parse: function (text) {
      var rows = [[]];
      var cell = "";
      var quoted = false;
      text = text.replace(/\r\n?/g, "\n");
      for (var at = 0; at < text.length; at += 1) {
        var sign = text[at];
        if (quoted) {
          if (sign !== '"') {
            cell += sign;
          } else if (text[at + 1] === '"') {
            cell += '"';
            at += 1;
          } else {
            quoted = false;
          }
        } else if (sign === '"' && cell === "") {
          quoted = true;
        } else if (sign === "\t" || sign === "\n") {
          rows[rows.length - 1].push(cell);
          cell = "";
          if (sign === "\n") {
            rows.push([]);
          }
        } else {
          cell += sign;
        }
      }
      rows[rows.length - 1].push(cell);
      return rows
        .map(function (row) {
          return row.map(function (value) {
            return value.trim();
          });
        })
        .filter(function (row) {
          return row.some(Boolean);
        });
    },

    /* Which column each cell of the first row names; null where that row is no heading.
     *
     * It is one when at least half of its cells name a column. */
    headings: function (row, columns) {
      var taken = new Set();
      var found = row.map(function (text) {
        var wanted = plain(text);
        var column = columns.find(function (candidate) {
          var names = candidate.names.concat(candidate.label);
          return !taken.has(candidate.key) && names.some(function (name) {
            return plain(name) === wanted;
          });
        });
        if (column) {
          taken.add(column.key);
        }
        return column || null;
      });
      return taken.size && taken.size * 2 >= row.filter(Boolean).length ? found : null;
    },

    /* The value of a pasted cell in a column. */
    value: function (text, column) {
      if (column.kind === "choice") {
        var wanted = plain(text);
        var choice = column.choices.find(function (candidate) {
          return candidate.value === text || plain(candidate.text) === wanted ||
            plain(candidate.value) === wanted;
        });
        return choice ? choice.value : text;
      }
      if (column.kind === "list" || column.kind === "pairs") {
        return text.split(/[;\n]/).map(function (entry) {
          return entry.trim();
        }).filter(Boolean);
      }
      var day = column.kind === "date" && /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(text);
      if (day) {
        return [day[3], day[2].padStart(2, "0"), day[1].padStart(2, "0")].join("-");
      }
      return text;
    },
  };
})();
