"""Write the next revision, from the difference between the tables and the revisions so far.

    python -m storage.migrations.revise 0002 "members have a pronoun"

Read what it wrote before you keep it: to it, a renamed column is one that left and one that came.
"""

import sys

from alembic import command
from alembic.script import ScriptDirectory

from storage.engine import open_store
from storage.migrate import configured, upgrade

if __name__ == "__main__":
    number, message = sys.argv[1:]
    store = open_store(":memory:")
    if ScriptDirectory.from_config(configured(None)).get_current_head():
        upgrade(store)
    with store.engine.begin() as connection:
        command.revision(configured(connection), message, autogenerate=True, rev_id=number)
    store.close()
