"""The asynchronous shell: chats, sockets, the clock and secrets; it carries calls in and effects out."""
