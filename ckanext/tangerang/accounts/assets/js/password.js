/* Takes the code of a link out of the address, where it came after "#", and sends it on by POST:
   so no server has it in its log, and it stays neither in the address bar nor in the history. */
(function () {
  "use strict";

  function takeCode() {
    var form = document.getElementById("code-form");
    var code = decodeURIComponent(window.location.hash.slice(1));
    if (!code) {
      return;
    }
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
    if (form && /^[A-Za-z2-7\s-]{52,150}$/.test(code)) {
      form.elements.code.value = code;
      form.submit();
    }
  }

  window.addEventListener("hashchange", takeCode);
  takeCode();
})();
