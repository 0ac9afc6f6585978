// "Choose all" of the queue; without scripts the button stays hidden.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const button = document.querySelector("[data-tangerang-choose-all]");
  if (!button) return;
  const boxes = [...button.form.querySelectorAll("input[name=record]")];
  button.hidden = boxes.length === 0;
  button.addEventListener("click", () => {
    const all = boxes.some((box) => !box.checked);
    for (const box of boxes) box.checked = all;
  });
});
