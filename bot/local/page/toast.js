/** Small notices that come, stay long enough to be read, and go. */

import { byId, icon, make } from "./dom.js";

const STAY = 8000; // milliseconds; hovering or focusing keeps a notice

/** Say something light at the edge of the page. Errors interrupt a screen reader, other notices wait. */
export function toast(sentence, isError = true) {
  const box = byId("toasts");
  const twin = [...box.children].find((notice) => notice.dataset.sentence === sentence);
  if (twin) twin.remove();
  const close = make("button", { class: "icon-button", type: "button", "aria-label": "Close" }, icon("close"));
  const notice = make(
    "div",
    {
      class: isError ? "toast error" : "toast",
      role: isError ? "alert" : "status",
      data: { testid: "toast", sentence },
    },
    make("p", { dir: "auto" }, sentence),
    close,
  );
  const leave = () => {
    notice.remove();
    if (!box.children.length && box.matches(":popover-open")) box.hidePopover();
  };
  let timer = setTimeout(leave, STAY);
  const stay = () => clearTimeout(timer);
  const go = () => {
    clearTimeout(timer);
    timer = setTimeout(leave, STAY / 2);
  };
  close.addEventListener("click", leave);
  for (const kind of ["mouseenter", "focusin"]) notice.addEventListener(kind, stay);
  for (const kind of ["mouseleave", "focusout"]) notice.addEventListener(kind, go);
  box.append(notice);
  if (box.showPopover) {
    if (box.matches(":popover-open")) box.hidePopover();
    box.showPopover(); // the top layer: a notice is seen even over an open form
  }
}
