"""A modal as somebody fills it in: what its fields hold, in the shapes in which Slack sends them."""

from typing import Any

from slack_words import elements_of, options_of, plain_text

ONE_VALUE = {
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "rich_text_input": ("rich_text_value", "initial_value"),
}
TYPED = {"plain_text_input", "email_text_input", "url_text_input", "number_input"}
ONE_OPTION = {"static_select", "external_select", "radio_buttons", "overflow"}
SOME_OPTIONS = {"checkboxes", "multi_static_select", "multi_external_select"}


def option_named(element: dict[str, Any], wanted: str) -> dict[str, Any]:
    """The option with these words or this value. Raises AssertionError that lists what there is."""
    for option in options_of(element):
        if wanted in {option["value"], option["text"]["text"]}:
            return {"text": option["text"], "value": option["value"]}
    offered = ", ".join(option["text"]["text"] for option in options_of(element))
    raise AssertionError(f"No option {wanted!r} among: {offered}")


def initial_state(element: dict[str, Any]) -> dict[str, Any] | None:
    """What an element holds before anybody touched it; None for what holds nothing, such as a button."""
    kind = element["type"]
    if kind in TYPED:
        return {"type": kind, "value": element.get("initial_value")}
    if kind in ONE_OPTION - {"overflow"}:
        return {"type": kind, "selected_option": element.get("initial_option")}
    if kind in SOME_OPTIONS:
        return {"type": kind, "selected_options": element.get("initial_options", [])}
    if kind in ONE_VALUE:
        key, initial = ONE_VALUE[kind]
        return {"type": kind, key: element.get(initial, [] if kind.startswith("multi_") else None)}
    return None


def filled_state(element: dict[str, Any], answer: Any) -> dict[str, Any]:
    """What an element holds when somebody has answered; options by their words or their value."""
    kind = element["type"]
    if kind in TYPED:
        return {"type": kind, "value": str(answer) if answer not in {None, ""} else None}
    if kind in ONE_OPTION:
        return {"type": kind, "selected_option": option_named(element, answer) if answer else None}
    if kind in SOME_OPTIONS:
        chosen = [answer] if isinstance(answer, str) else answer
        return {"type": kind, "selected_options": [option_named(element, one) for one in chosen]}
    if kind in ONE_VALUE:
        return {"type": kind, ONE_VALUE[kind][0]: answer or ([] if kind.startswith("multi_") else None)}
    raise AssertionError(f"Nobody can fill a {kind}.")


def state_of(blocks: list[dict[str, Any]], before: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Everything a surface holds now: what was filled in before, and the rest as it was given."""
    state: dict[str, dict[str, Any]] = {}
    for block, element in elements_of(blocks):
        held = before.get(block["block_id"], {}).get(element["action_id"])
        if held is None or held["type"] != element["type"]:
            held = initial_state(element)
        if held is not None:
            state.setdefault(block["block_id"], {})[element["action_id"]] = held
    return state


def fill(blocks: list[dict[str, Any]], state: dict[str, dict[str, Any]], answers: dict[str, Any]) -> None:
    """Put answers into a state, each by its block_id, action_id or label. Raises AssertionError for an unknown one."""
    left = dict(answers)
    for block, element in elements_of(blocks):
        names = (block["block_id"], element["action_id"], plain_text(block.get("label"), str))
        for name in names:
            if name in left and initial_state(element) is not None:
                state[block["block_id"]][element["action_id"]] = filled_state(element, left.pop(name))
                break
    if left:
        there = ", ".join(block["block_id"] for block, _ in elements_of(blocks))
        raise AssertionError(f"No field {', '.join(left)}; there are: {there}")


def why_not_sent(blocks: list[dict[str, Any]], state: dict[str, dict[str, Any]]) -> dict[str, str]:
    """What Slack's own client says before it sends a form: by block_id, empty if it sends it."""
    errors: dict[str, str] = {}
    for block, element in elements_of(blocks):
        if block["type"] != "input":
            continue
        held = state[block["block_id"]][element["action_id"]]
        value = next(value for key, value in held.items() if key != "type")
        if not value and not block.get("optional"):
            errors[block["block_id"]] = "Please complete this required field."
        elif value and element["type"] == "plain_text_input":
            if len(value) > element.get("max_length", 3000):
                errors[block["block_id"]] = "Too long."
            elif len(value) < element.get("min_length", 0):
                errors[block["block_id"]] = "Too short."
        elif value and element["type"] == "number_input" and (why := _why_no_number(element, value)):
            errors[block["block_id"]] = why
    return errors


def _why_no_number(element: dict[str, Any], value: str) -> str:
    try:
        number = float(value)
    except ValueError:
        return "Not a number."
    if "." in value and not element["is_decimal_allowed"]:
        return "Not a whole number."
    lowest, highest = (float(element.get(key, number)) for key in ("min_value", "max_value"))
    return "" if lowest <= number <= highest else "Out of range."
