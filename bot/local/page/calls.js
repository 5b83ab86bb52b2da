/** What a person can do here: say, press, submit. Answers are notices and forms; messages come by themselves. */

import { state, tell } from "./state.js";
import { toast } from "./toast.js";
import { send, sendKept } from "./wire.js";

/** Say a line, or a command when it starts with a slash; true when it was taken. */
export async function say(text) {
  const place = { as: state.as, room: state.room };
  return settle(await send("/api/say", { ...place, text }), place);
}

/** Press a button of a message; true when it was taken. */
export async function press(message, call) {
  const place = { as: state.as, room: message.room };
  return settle(await send("/api/press", { ...place, message: message.id, call }), place);
}

/** Hand in a form; returns the raw answer, because the form itself shows what is wrong. */
export function submit(place, call, answers) {
  return send("/api/submit", { ...place, call, answers });
}

/** Finish what was left unanswered when the page was last closed. */
export function finishKept() {
  for (const answer of sendKept()) answer.then((result) => settle(result, { as: state.as, room: state.room }));
}

function settle(answer, place) {
  if (!answer.ok && !answer.form) {
    toast(answer.error || "That did not work. It may help to try again.");
    return false;
  }
  // a form for someone we no longer act as would be filled by the wrong person
  if (answer.form && place.as === state.as) tell("form", { form: answer.form, place });
  return true;
}
