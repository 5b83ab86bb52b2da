"""Messages, pins and files of the stand-in's Web API."""

from typing import Any

from slack_methods import Call, Refusal, checked_message, method
from slack_things import Channel, Post, Upload
from slack_words import with_ids

LOOKS = "as_user attachments blocks icon_emoji icon_url link_names markdown_text parse text thread_ts username"
METADATA_LIMIT = 8000


def shape_of(post: Post, app_id: str) -> dict[str, Any]:
    """A message as Slack gives it back."""
    shape: dict[str, Any] = {
        "type": "message",
        "user": post.user,
        "ts": post.ts,
        "bot_id": f"B{post.team[1:]}",
        "app_id": app_id,
        "text": post.text,
        "team": post.team,
    }
    shape |= {"blocks": post.blocks} if post.blocks else {}
    shape |= {"thread_ts": post.thread_ts} if post.thread_ts else {}
    shape |= {"edited": {"user": post.user, "ts": post.ts}} if post.is_edited else {}
    return shape


def _said(call: Call) -> tuple[str, list[dict[str, Any]]]:
    if call.get("username") or call.get("icon_emoji") or call.get("icon_url"):
        call.needs("chat:write.customize")
    blocks = call.blocks()
    extra = bool(call.get("attachments") or call.get("markdown_text"))
    return checked_message(call.town, call.method, call.get("text"), blocks, extra=extra), blocks or []


def _metadata(call: Call) -> dict[str, Any] | None:
    metadata = call.parsed("metadata")
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or set(metadata) != {"event_type", "event_payload"}:
        raise Refusal("invalid_metadata_format")
    if not isinstance(metadata["event_payload"], dict) or not isinstance(metadata["event_type"], str):
        raise Refusal("invalid_metadata_schema")
    if len(str(metadata)) > METADATA_LIMIT:
        raise Refusal("metadata_too_large")
    return metadata


def _destination(call: Call) -> Channel:
    """A room by its id, or the direct message with a person by hers."""
    target = str(call.get("channel"))
    if target in call.workspace.members:
        if call.workspace.members[target].is_bot:
            raise Refusal("cannot_dm_bot")
        channel, _ = call.town.conversation(call.workspace.id, [target])
    else:
        channel = call.channel()
    if channel.kind == "im":
        others = [user for user in channel.members if user != call.workspace.bot]
        if all(call.workspace.members[user].deleted for user in others):
            raise Refusal("user_disabled")
    return channel


@method(
    "chat.postMessage",
    needs="channel",
    takes=f"{LOOKS} container_id metadata mrkdwn reply_broadcast unfurl_links unfurl_media",
    scopes="chat:write",
)
def post_message(call: Call) -> dict[str, Any]:
    text, blocks = _said(call)
    metadata = _metadata(call)
    channel = _destination(call)
    post = call.town.say(
        call.workspace.id, channel.id, text, blocks, thread_ts=call.get("thread_ts"), metadata=metadata
    )
    return {"channel": channel.id, "ts": post.ts, "message": shape_of(post, call.town.app_id)}


@method("chat.postEphemeral", needs="channel user", takes=LOOKS, scopes="chat:write")
def post_ephemeral(call: Call) -> dict[str, Any]:
    text, blocks = _said(call)
    channel = call.channel()
    if call.member(call.get("user")).id not in channel.members:
        raise Refusal("user_not_in_channel")
    post = call.town.say(call.workspace.id, channel.id, text, blocks, only_for=call.get("user"))
    return {"message_ts": post.ts}


def _own_post(call: Call, forbidden: str) -> Post:
    channel = call.channel(is_open=False)
    for post in call.town.posts:
        if (post.team, post.channel, post.ts) == (call.workspace.id, channel.id, str(call.get("ts"))):
            if post.is_deleted or post.only_for:
                break
            if post.user != call.workspace.bot:
                raise Refusal(forbidden)
            return post
    raise Refusal("message_not_found")


@method(
    "chat.update",
    needs="channel ts",
    takes="as_user attachments blocks file_ids link_names markdown_text metadata parse reply_broadcast text",
    scopes="chat:write",
)
def update_message(call: Call) -> dict[str, Any]:
    text, blocks = _said(call)
    metadata = _metadata(call)
    post = _own_post(call, "cant_update_message")
    if call.workspace.channels[post.channel].is_archived:
        raise Refusal("is_archived")
    post.text, post.is_edited = text, True
    if call.get("blocks") is not None:  # what is left out stays as it was
        post.blocks = with_ids(blocks, call.town.number)
    post.metadata = metadata or post.metadata
    call.town.touch()
    return {"channel": post.channel, "ts": post.ts, "text": text, "message": shape_of(post, call.town.app_id)}


@method("chat.delete", needs="channel ts", takes="as_user", scopes="chat:write")
def delete_message(call: Call) -> dict[str, Any]:
    post = _own_post(call, "cant_delete_message")
    post.is_deleted = True
    call.town.touch()
    return {"channel": post.channel, "ts": post.ts}


@method("pins.add", needs="channel", takes="timestamp", scopes="pins:write")
def add_pin(call: Call) -> dict[str, Any]:
    channel = call.channel()
    if not call.get("timestamp"):
        raise Refusal("no_item_specified")
    post = _pinned_post(call, channel)
    if post.ts in channel.pins:
        raise Refusal("already_pinned")
    channel.pins.append(post.ts)
    return {}


def _pinned_post(call: Call, channel: Channel) -> Post:
    for post in call.town.posts:
        if (post.channel, post.ts) == (channel.id, str(call.get("timestamp"))) and not post.is_deleted:
            if post.only_for:
                raise Refusal("not_pinnable")
            return post
    raise Refusal("message_not_found")


@method("files.getUploadURLExternal", needs="filename length", takes="alt_txt snippet_type", scopes="files:write")
def get_upload_url(call: Call) -> dict[str, Any]:
    if not str(call.get("length")).isdigit() or int(call.get("length")) == 0:
        raise Refusal("invalid_arguments")
    number = call.town.number()
    upload = Upload(f"F{number:08d}", call.get("filename"), int(call.get("length")), call.get("alt_txt") or "")
    call.town.uploads[upload.id] = upload
    return {"upload_url": f"{call.town.url}/upload/v1/{upload.id}", "file_id": upload.id}


@method(
    "files.completeUploadExternal",
    needs="files",
    takes="channel_id channels initial_comment thread_ts blocks",
    scopes="files:write",
)
def complete_upload(call: Call) -> dict[str, Any]:
    uploads = []
    for entry in call.parsed("files"):
        if not set(entry) <= {"id", "title", "highlight_type"}:
            raise Refusal("invalid_arguments")
        upload = call.town.uploads.get(entry["id"])
        if upload is None or upload.content is None:
            raise Refusal("file_not_found")
        upload.title = entry.get("title") or upload.name
        uploads.append(upload)
    targets = [*([call.get("channel_id")] if call.get("channel_id") else []), *call.listed("channels")]
    for target in targets:
        channel = _upload_channel(call, target)
        files = {"files": uploads, "thread_ts": call.get("thread_ts")}
        call.town.say(call.workspace.id, channel.id, call.get("initial_comment") or "", call.blocks() or [], **files)
        for upload in uploads:
            upload.channels.append(channel.id)
    return {"files": [{"id": upload.id, "title": upload.title} for upload in uploads]}


def _upload_channel(call: Call, target: str) -> Channel:
    """A room by its id; a person's id is not enough for a file."""
    channel = call.workspace.channels.get(target)
    if channel is None or (channel.kind != "public" and call.workspace.bot not in channel.members):
        raise Refusal("channel_not_found")
    if call.workspace.bot not in channel.members:
        raise Refusal("not_in_channel")
    if channel.is_archived:
        raise Refusal("is_archived")
    return channel
