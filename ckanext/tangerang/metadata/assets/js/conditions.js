/* Which items of a form are asked, and which are needed and empty.
 *
 * The same rules as metadata/conditions.py, over the declaration that the page carries.
 */
this.tangerang = this.tangerang || {};
this.tangerang.conditions = (function () {
  "use strict";

  function isEmpty(value) {
    if (typeof value === "string") {
      return ["", "[]"].includes(value.trim());
    }
    return value === null || value === undefined ||
      (typeof value === "object" && Object.keys(value).length === 0);
  }

  function chosen(value) {
    return isEmpty(value) ? [] : [].concat(value);
  }

  function isNil(declaration, entry) {
    return typeof entry === "string" && declaration.nil.includes(entry.trim().toLowerCase());
  }

  return {
    isEmpty: isEmpty,

    /* The names of the items that are asked of a record, as a Set. */
    openNames: function (declaration, record) {
      var known = {};
      var found = {};
      declaration.items.forEach(function (item) {
        known[item.name] = item;
      });
      function isOpen(name) {
        if (!(name in known)) {
          return false;
        }
        if (!(name in found)) {
          found[name] = false; // a circle of conditions opens nothing
          found[name] = Object.entries(known[name].open_when).every(function (condition) {
            return isOpen(condition[0]) && chosen(record[condition[0]]).some(function (value) {
              return condition[1].includes(value);
            });
          });
        }
        return found[name];
      }
      return new Set(Object.keys(known).filter(isOpen));
    },

    /* The keys that may be chosen in an item; null where all may. */
    allowedChoices: function (item, record) {
      var by = item.choices_by;
      return (by && by.groups[record[by.field]]) || null;
    },

    /* Whether a value is an answer that counts as filled; "-", or a list of it, is none. */
    saysSomething: function (declaration, value) {
      return !chosen(value).every(function (entry) {
        return isNil(declaration, entry);
      });
    },

    /* Whether a value answers an item: it says something, or "-" where that is an answer. */
    answers: function (declaration, item, value) {
      return this.saysSomething(declaration, value) ||
        (isNil(declaration, value) && Boolean(item.nil_allowed));
    },

    /* The columns of a row that are needed and empty. */
    missingColumns: function (declaration, columns, row) {
      var self = this;
      return columns.filter(function (column) {
        return column.needed &&
          !(column.unless && !isEmpty(row[column.unless])) &&
          !self.answers(declaration, column, row[column.key]);
      });
    },
  };
})();
