/* The form of an activity or an indicator: one block at a time, items shown as they are asked.
 *
 * All blocks are one form, so nothing is lost between them. An item that is not asked is hidden
 * and its controls are disabled: the browser leaves them out of what it sends, and they keep what
 * was typed until then.
 *
 * data-module-texts - see the helper tangerang_form_texts
 * data-module-block - name of the block to open
 */
this.ckan.module("tangerang-form", function () {
  "use strict";

  var conditions = window.tangerang.conditions;
  var WAIT = 150;
  var NAMES = 4;

  return {
    options: { texts: {}, block: "" },

    initialize: function () {
      var form = (this.form = this.el[0]);
      this.declaration = JSON.parse(form.querySelector(".tangerang-declaration").textContent);
      this.items = {};
      this.declaration.items.forEach(function (item) {
        var element = form.querySelector('[data-item="' + item.name + '"]');
        if (element) {
          this.items[item.name] = { rule: item, element: element };
        }
      }, this);
      this.blocks = Array.from(form.querySelectorAll(".tangerang-block"));
      this.links = Array.from(form.querySelectorAll(".tangerang-steps a"));
      this.live = form.querySelector(".tangerang-form-live");
      this.state = form.querySelector(".tangerang-form-state");
      this.walk = form.querySelector(".tangerang-form-walk");
      this.kept = {};
      form.classList.add("tangerang-form-ready");
      this.walk.hidden = false;
      form.querySelector(".tangerang-progress").hidden = false;
      this._listen();
      this._update(false);
      // Lists of what is missing lead to one field.
      var linked = window.location.hash.replace("#field-", "");
      this._show(this._first(), false);
      this.changed = false;
      var errors = form.querySelector("#tangerang-errors");
      if (errors) {
        this._setChanged();
        errors.focus();
      } else if (Object.keys(this.items).includes(linked)) {
        this._goTo({ field: linked });
      }
    },

    _text: function (name, values) {
      return this.options.texts[name].replace(/\{(\w+)\}/g, function (whole, key) {
        return key in values ? values[key] : whole;
      });
    },

    _listen: function () {
      var self = this;
      var timer = null;
      function later() {
        window.clearTimeout(timer);
        timer = window.setTimeout(function () {
          self._update(true);
        }, WAIT);
        self._setChanged();
      }
      this.form.addEventListener("input", later);
      this.form.addEventListener("change", function () {
        self._setChanged();
        window.clearTimeout(timer);
        self._update(true);
      });
      this.links.forEach(function (link) {
        link.addEventListener("click", function (event) {
          event.preventDefault();
          self._show(link.dataset.block, true);
        });
      });
      this.walk.addEventListener("click", function (event) {
        var button = event.target.closest("[data-walk]");
        if (button) {
          self._show(self.blocks[self._index() + Number(button.dataset.walk)].dataset.block, true);
        }
      });
      this.form.querySelectorAll("#tangerang-errors a").forEach(function (link) {
        link.addEventListener("click", function (event) {
          event.preventDefault();
          self._goTo(link.dataset);
        });
      });
      this.form.addEventListener("submit", function (event) {
        if (self.sending) {
          event.preventDefault(); // a second press while the first is under way
          return;
        }
        self.sending = true;
        window.setTimeout(function () {
          self.sending = false; // the browser may have been stopped
        }, 10000);
      });
      window.addEventListener("beforeunload", function (event) {
        if (self.changed && !self.sending) {
          event.preventDefault();
          event.returnValue = self.options.texts.unsaved;
        }
      });
      window.addEventListener("pageshow", function () {
        self.sending = false;
        self._update(false); // the browser has put earlier answers back
      });
    },

    _setChanged: function () {
      if (!this.changed) {
        this.live.textContent = this.options.texts.changed;
      }
      this.changed = true;
      this.state.textContent = this.options.texts.changed;
    },

    /* Values */

    _controls: function (name) {
      return Array.from(this.items[name].element.querySelectorAll('[name="' + name + '"]'));
    },

    _value: function (name) {
      var controls = this._controls(name);
      if (controls.length && controls[0].type === "checkbox") {
        return controls
          .filter(function (box) {
            return box.checked;
          })
          .map(function (box) {
            return box.value;
          });
      }
      return controls.length ? controls[0].value : "";
    },

    _record: function () {
      var record = {};
      Object.keys(this.items).forEach(function (name) {
        record[name] = this._value(name);
      }, this);
      return record;
    },

    /* What is asked */

    _update: function (announce) {
      var record = this._record();
      var open = conditions.openNames(this.declaration, record);
      // Choices first: an answer that no longer fits is taken away and may close other items.
      if (this._narrow(record, open, announce)) {
        record = this._record();
        open = conditions.openNames(this.declaration, record);
      }
      var opened = [];
      var hidden = [];
      var kept = [];
      Object.keys(this.items).forEach(function (name) {
        var entry = this.items[name];
        var show = open.has(name);
        if (entry.element.hidden === !show) {
          return;
        }
        entry.element.hidden = !show;
        this._controls(name).forEach(function (control) {
          control.disabled = !show;
        });
        if (show) {
          opened.push(entry.rule.label);
        } else if (conditions.isEmpty(record[name])) {
          hidden.push(entry.rule.label);
        } else {
          kept.push(entry.rule.label);
        }
      }, this);
      if (announce) {
        this._announce({ opened: opened, hidden: hidden, kept: kept });
      }
      this._progress(record, open);
    },

    /* Offer only the choices that fit; an answer that does not is put aside until it fits again. */
    _narrow: function (record, open, announce) {
      var changed = false;
      Object.keys(this.items).forEach(function (name) {
        var rule = this.items[name].rule;
        if (!rule.choices_by || !open.has(name)) {
          return;
        }
        var allowed = conditions.allowedChoices(rule, record);
        var select = this._controls(name)[0];
        Array.from(select.options).forEach(function (option) {
          option.hidden = option.disabled = Boolean(
            option.value && allowed && !allowed.includes(option.value)
          );
        });
        var kept = this.kept[name];
        if (allowed && select.value && !allowed.includes(select.value)) {
          this.kept[name] = select.value;
          select.value = "";
          changed = true;
          if (announce) {
            this.live.textContent = this._text("choiceGone", { label: rule.label });
          }
        } else if (!select.value && kept && (!allowed || allowed.includes(kept))) {
          select.value = kept;
          delete this.kept[name];
          changed = true;
        }
      }, this);
      return changed;
    },

    _names: function (labels) {
      var shown = labels.slice(0, NAMES);
      if (labels.length > NAMES) {
        shown.push(this._text("more", { count: labels.length - NAMES }));
      }
      return shown.join("; ");
    },

    _announce: function (changes) {
      var sentences = ["opened", "hidden", "kept"]
        .filter(function (kind) {
          return changes[kind].length;
        })
        .map(function (kind) {
          return this._text(kind, { names: this._names(changes[kind]) });
        }, this);
      if (sentences.length) {
        this.live.textContent = sentences.join(" ");
      }
      if (changes.kept.length) {
        // Not only for those who listen: an answer is about to be left out.
        this.state.textContent = this._text("kept", { names: this._names(changes.kept) });
      }
    },

    /* Progress */

    _missing: function (rule, value) {
      if (!rule.needed) {
        return false;
      }
      if (!conditions.answers(this.declaration, rule, value)) {
        return !rule.auto; // what the portal fills in on saving is no work to do
      }
      if (!rule.columns.length) {
        return false;
      }
      try {
        return JSON.parse(value).some(function (row) {
          return conditions.missingColumns(this.declaration, rule.columns, row).length > 0;
        }, this);
      } catch (error) {
        return true;
      }
    },

    _progress: function (record, open) {
      var self = this;
      var total = { asked: 0, filled: 0, missing: 0 };
      this.links.forEach(function (link, index) {
        var block = self.blocks[index];
        var count = { open: 0, asked: 0, filled: 0, missing: 0 };
        var closed = null;
        Object.keys(self.items).forEach(function (name) {
          var rule = self.items[name].rule;
          if (rule.block !== link.dataset.block) {
            return;
          }
          if (!open.has(name)) {
            closed = closed || rule;
            return;
          }
          var filled = conditions.saysSomething(self.declaration, record[name]);
          count.open += 1;
          count.missing += self._missing(rule, record[name]) ? 1 : 0;
          if (filled || !conditions.answers(self.declaration, rule, record[name])) {
            count.asked += 1; // "-" is neither filled nor asked any more, as in the score
            count.filled += filled ? 1 : 0;
          }
        });
        Object.keys(total).forEach(function (key) {
          total[key] += count[key];
        });
        var note = block.querySelector(".tangerang-block-closed");
        note.hidden = count.open > 0;
        if (!count.open && closed) {
          note.textContent = self._text("closed", { condition: self._condition(closed) });
        }
        var wrong = block.querySelectorAll(".tangerang-item.error:not([hidden])").length;
        link.querySelector(".tangerang-step-count").textContent = count.open
          ? self._text("part", count)
          : self.options.texts.notAsked;
        link.querySelector(".tangerang-step-errors").textContent = wrong
          ? self._text("errors", { count: wrong })
          : "";
        link.classList.toggle("tangerang-step-wrong", wrong > 0);
        link.classList.toggle("tangerang-step-off", !count.open);
        link.classList.toggle("tangerang-step-done", count.filled > 0 && !count.missing);
      });
      var bar = this.form.querySelector(".tangerang-progress progress");
      bar.max = total.asked || 1;
      bar.value = total.filled;
      this.form.querySelector(".tangerang-progress-text").textContent = this._text("progress", total);
      this.form.querySelector(".tangerang-progress-needed").textContent = total.missing
        ? this._text("needed", { count: total.missing })
        : this.options.texts.ready;
    },

    /* The condition of an item in words: other items and their values. */
    _condition: function (rule) {
      return Object.entries(rule.open_when)
        .map(function (condition) {
          var parent = this.items[condition[0]];
          var controls = this._controls(condition[0]);
          var words = condition[1].map(function (value) {
            var option = controls[0].options
              ? Array.from(controls[0].options).find(function (o) {
                  return o.value === value;
                })
              : null;
            return option ? option.textContent.trim() : value;
          });
          return parent.rule.label + " = " + words.join(" / ");
        }, this)
        .join("; ");
    },

    /* Blocks */

    _index: function () {
      return this.blocks.findIndex(function (block) {
        return !block.hidden;
      });
    },

    _first: function () {
      var wrong = this.form.querySelector(".tangerang-item.error:not([hidden])");
      var asked = window.location.hash.replace("#blok-", "");
      var name = wrong ? wrong.closest(".tangerang-block").dataset.block : asked;
      var names = this.blocks.map(function (block) {
        return block.dataset.block;
      });
      return (
        [name, this.options.block].find(function (wanted) {
          return names.includes(wanted);
        }) || names[0]
      );
    },

    _show: function (name, focus) {
      var index = 0;
      var list = this.form.querySelector(".tangerang-steps ol");
      this.blocks.forEach(function (block, number) {
        block.hidden = block.dataset.block !== name;
        index = block.hidden ? index : number;
      });
      this.links.forEach(function (link) {
        if (link.dataset.block === name) {
          link.setAttribute("aria-current", "step");
          // On a telephone the steps stand in one line that is moved sideways.
          list.scrollLeft = link.offsetLeft - list.offsetLeft;
        } else {
          link.removeAttribute("aria-current");
        }
      });
      this.walk.querySelector('[data-walk="-1"]').hidden = index === 0;
      this.walk.querySelector('[data-walk="1"]').hidden = index === this.blocks.length - 1;
      this.form.elements.blok.value = name;
      window.history.replaceState(null, "", "#blok-" + name);
      if (focus) {
        var heading = this.blocks[index].querySelector("h2");
        heading.focus({ preventScroll: true });
        heading.scrollIntoView({ block: "start" });
      }
    },

    /* Go to an item, and to a cell of its rows, from the list of errors. */
    _goTo: function (place) {
      var entry = this.items[place.field];
      this._show(entry.element.closest(".tangerang-block").dataset.block, false);
      if (place.row) {
        entry.element.querySelector('[data-module="tangerang-grid"]').dispatchEvent(
          new CustomEvent("tangerang-cell", { detail: place })
        );
        return;
      }
      var control = entry.element.querySelector(
        "select, input:not([type=hidden]), textarea:not([hidden]), button"
      );
      if (control) {
        control.focus();
      }
    },
  };
});
