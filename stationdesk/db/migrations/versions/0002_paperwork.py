"""Paper work: forms of the departments, column sets, import maps, closed months, targets, own fields."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_WITH_OWN_FIELDS = ("village", "household", "person", "organisation", "resource", "need", "match", "visit")
_ROOM = (
    ("text", sa.Text, 12),
    ("day", sa.Text, 6),
    ("number", sa.Integer, 6),
    ("flag", sa.Boolean, 6),
    ("codes", sa.Text, 6),
)


def upgrade() -> None:
    """Make the tables of the paper work, and room for the station's own fields."""
    for table in _WITH_OWN_FIELDS:
        for name, kind, room in _ROOM:
            for number in range(1, room + 1):
                op.add_column(table, sa.Column(f"own_{name}_{number:02d}", kind(), nullable=True))
    op.add_column(
        "station", sa.Column("month_starts_on", sa.Integer(), nullable=False, server_default=sa.text("1"))
    )
    op.create_table(
        "kept_file",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "form_template",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=True),
        sa.Column("medium", sa.String(16), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("blank", sa.Text(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_form_template_name_key", "form_template", ["name", "key"])
    op.create_table(
        "column_set",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("in_use", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_column_set_name_key", "column_set", ["name", "key"])
    op.create_table(
        "import_map",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("defaults", sa.Text(), nullable=True),
        sa.Column("used_on", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("kind", "fingerprint"),
    )
    op.create_table(
        "closed_month",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("first", sa.Text(), nullable=False),
        sa.Column("last", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("closed_on", sa.Text(), nullable=False),
        sa.Column("worker_key", sa.String(length=32), nullable=True),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("reopened_on", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["worker_key"], ["worker.key"]),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("month"),
    )
    op.create_index("ix_closed_month_month_key", "closed_month", ["month", "key"])
    op.create_index(("ix_closed_month_worker_key"), "closed_month", ["worker_key"])
    op.create_table(
        "target",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("year", "line"),
    )
    op.create_table(
        "custom_field",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("page", sa.Text(), nullable=True),
        sa.Column("on_form", sa.Boolean(), nullable=False),
        sa.Column("in_ledger", sa.Boolean(), nullable=False),
        sa.Column("on_slip", sa.Boolean(), nullable=False),
        sa.Column("on_print", sa.Boolean(), nullable=False),
        sa.Column("guard", sa.String(16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("record", "slot"),
    )
