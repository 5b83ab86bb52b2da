"""The platform-neutral core: what is decided and what is said, without chat, clock or network.

The words, used the same way in code, tables and sentences:

* workspace: one Slack workspace, Discord server or local workspace; a tenant.
* person: somebody in a workspace, known by ids; display names are never keys.
* programme: what organisers run: one purpose, one calendar, one or more circles.
* ring: the reach of a circle: local, regional or global.
* member: a person enrolled in a programme, with a profile.
* stance: per topic, what a member can offer and what she wants; from it comes the seat.
* seat: mentor, mentee, or both.
* circle: a lasting cohort with mentor and mentee seats.
* round: one turn of a circle's rotation, with an opening and a closing.
* meeting group: the people who are to meet in a round: a pair, a trio or a table.
* goal: what a member wants to reach; private unless she shares it.
* action: one small commitment made at the end of a meeting.
* check-in: a scheduled question about a goal or an action, answered by one tap.
* prompt: a conversation starter; never twice to the same group.
* nudge: any message the bot starts by itself; it has a unique key, a due time and a recipient.
"""
