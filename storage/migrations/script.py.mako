"""${message[0].upper() + message[1:]}.

There is no way down: on SQLite the backup that was made before the upgrade is the way back.
"""

import sqlalchemy as sa
from alembic import op
${"\n" + imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:${"" if down_revision else "  # noqa: PLR0915 - the first revision makes every table"}
    ${"\n".join(line for line in upgrades.splitlines() if "# ### " not in line).strip() if upgrades else "pass"}
