// Security keys: a form with data-webauthn asks the browser for a key and sends what it answers.
(function () {
  "use strict";
  document.querySelectorAll("form[data-webauthn]").forEach(function (form) {
    var button = form.querySelector("[data-webauthn-start]");
    var failure = form.querySelector("[data-webauthn-error]");
    if (!window.webauthnJSON || !window.webauthnJSON.supported()) {
      button.disabled = true;
      return;
    }
    button.addEventListener("click", function () {
      var options = JSON.parse(document.getElementById(form.dataset.options).textContent);
      var answer = form.dataset.webauthn === "add"
        ? window.webauthnJSON.create(options.creation_options)
        : window.webauthnJSON.get(options.request_options);
      failure.hidden = true;
      answer.then(function (credential) {
        form.querySelector("[name=credential]").value = JSON.stringify(credential);
        form.submit();
      }, function () { failure.hidden = false; });
    });
  });
})();
