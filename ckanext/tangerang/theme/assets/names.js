/* Mends four things of CKAN's pages for people who do not use a mouse.
   Selection lists that its scripts put in the place of plain ones: the box that people type into
   has no name, so that a screen reader would say "combobox" alone.
   What can be done there: Select2 says that in English, and CKAN tells it no other language.
   The kinds of changes in a history, which CKAN writes in English without asking for a translation.
   Tables that scroll sideways on a narrow screen: the keyboard must be able to reach them. */

(function () {
  "use strict";

  var BOX = ".select2-container .select2-selection:not([aria-label]):not([aria-labelledby])";

  var TEXTS = {
    id: {
      ".select2-selection__choice__remove": "Hapus",
      ".select2-search__field": "Cari"
    }
  };

  // The values of CKAN's activity types, as its filter "title" writes them.
  var KINDS = {
    id: {
      "New Package": "Dataset baru",
      "Changed Package": "Dataset diubah",
      "Deleted Package": "Dataset dihapus",
      "Follow Dataset": "Dataset diikuti",
      "New Resource View": "Tampilan berkas baru",
      "Changed Resource View": "Tampilan berkas diubah",
      "Deleted Resource View": "Tampilan berkas dihapus",
      "New User": "Pengguna baru",
      "Changed User": "Pengguna diubah",
      "Follow User": "Pengguna diikuti",
      "New Group": "Kelompok baru",
      "Changed Group": "Kelompok diubah",
      "Deleted Group": "Kelompok dihapus",
      "Follow Group": "Kelompok diikuti",
      "New Organization": "Perangkat daerah baru",
      "Changed Organization": "Perangkat daerah diubah",
      "Deleted Organization": "Perangkat daerah dihapus",
      "Follow Organization": "Perangkat daerah diikuti"
    },
    en: {
      "New Package": "New dataset",
      "Changed Package": "Changed dataset",
      "Deleted Package": "Deleted dataset"
    }
  };

  function translateKinds(root) {
    var kinds = KINDS[document.documentElement.lang] || {};
    root.querySelectorAll("#activity_types_filter_select option").forEach(function (option) {
      var text = kinds[option.textContent.trim()];
      if (text) {
        option.textContent = text;
      }
    });
  }

  function translate(root) {
    var texts = TEXTS[document.documentElement.lang] || {};
    translateKinds(root);
    Object.keys(texts).forEach(function (selector) {
      root.querySelectorAll(selector).forEach(function (element) {
        ["title", "aria-label"].forEach(function (attribute) {
          // Only what differs: the observer below sees each change.
          if (element.hasAttribute(attribute) && element.getAttribute(attribute) !== texts[selector]) {
            element.setAttribute(attribute, texts[selector]);
          }
        });
      });
    });
  }

  function label(original) {
    return original && original.id
      ? document.querySelector("label[for='" + CSS.escape(original.id) + "']")
      : null;
  }

  function name(root) {
    root.querySelectorAll(BOX).forEach(function (box) {
      var found = label(box.closest(".select2-container").previousElementSibling);
      if (found) {
        found.id = found.id || "label-" + found.htmlFor;
        box.setAttribute("aria-labelledby", found.id);
      }
    });
  }

  function reach(region) {
    if (region.scrollWidth > region.clientWidth) {
      region.tabIndex = 0;
    } else {
      region.removeAttribute("tabindex");
    }
  }

  function reachAll() {
    document.querySelectorAll(".table-responsive, .primary .table").forEach(reach);
  }

  function watch() {
    name(document);
    translate(document);
    reachAll();
    window.addEventListener("resize", reachAll);
    new MutationObserver(function () {
      name(document);
      translate(document);
    }).observe(document.getElementById("content") || document.body, {
      childList: true,
      subtree: true
    });
  }

  window.addEventListener("load", watch);
})();
