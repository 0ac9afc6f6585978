/* Moves the code of a link from behind the "#" of the address into the form, and sends it by POST:
   it stays neither in the address bar nor in the history. */
(function () {
  "use strict";

  var form = document.getElementById("access-code-form");

  function send() {
    var code = decodeURIComponent(window.location.hash.slice(1));
    if (!form || !/^[A-Za-z2-7\s-]{52,150}$/.test(code)) {
      return;
    }
    window.history.replaceState(null, "", window.location.pathname);
    form.elements.code.value = code;
    form.submit();
  }

  window.addEventListener("hashchange", send);
  send();
})();
