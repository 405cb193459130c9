"""What Alembic runs: our connection, in one transaction of ours."""

from __future__ import annotations

from alembic import context

import stationdesk.db.models  # noqa: F401 - the models must be loaded before their tables are compared
from stationdesk.db.base import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
