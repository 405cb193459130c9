"""Printed maps and their editions, sheets to be drawn on, community walks, pinned scans, sketch mode."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and the new columns of base maps and of the station."""
    op.add_column("basemap", sa.Column("pins", sa.Text(), nullable=True))
    op.add_column("basemap", sa.Column("scan", sa.Text(), nullable=True))
    op.add_column(
        "station", sa.Column("least_counted", sa.Integer(), nullable=False, server_default=sa.text("5"))
    )
    op.add_column("station", sa.Column("sketch", sa.Boolean(), nullable=False, server_default=sa.text("0")))
    op.create_table(
        "sheet_edition",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("village_key", sa.String(length=32), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_on", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["village_key"], ["village.key"]),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("kind", "village_key", "number"),
    )
    op.create_index("ix_sheet_edition_village_key", "sheet_edition", ["village_key"])
    op.create_table(
        "copies_given",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("edition_key", sa.String(length=32), nullable=False),
        sa.Column("given_on", sa.Text(), nullable=False),
        sa.Column("given_to", sa.Text(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("worker_key", sa.String(length=32), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["edition_key"], ["sheet_edition.key"]),
        sa.ForeignKeyConstraint(["worker_key"], ["worker.key"]),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_copies_given_edition_key", "copies_given", ["edition_key"])
    op.create_index("ix_copies_given_worker_key", "copies_given", ["worker_key"])
    op.create_table(
        "field_sheet",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("made_on", sa.Text(), nullable=False),
        sa.Column("village_key", sa.String(length=32), nullable=True),
        sa.Column("frame", sa.Text(), nullable=False),
        sa.Column("basemap_key", sa.String(length=32), nullable=True),
        sa.Column("returned_on", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["village_key"], ["village.key"]),
        sa.ForeignKeyConstraint(["basemap_key"], ["basemap.key"]),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("number"),
    )
    op.create_index("ix_field_sheet_basemap_key", "field_sheet", ["basemap_key"])
    op.create_index("ix_field_sheet_number_key", "field_sheet", ["number", "key"])
    op.create_index("ix_field_sheet_village_key", "field_sheet", ["village_key"])
    op.create_table(
        "walk",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("walked_on", sa.Text(), nullable=False),
        sa.Column("village_key", sa.String(length=32), nullable=True),
        sa.Column("track", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["village_key"], ["village.key"]),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_walk_village_key", "walk", ["village_key"])
    op.create_index("ix_walk_walked_on_key", "walk", ["walked_on", "key"])
    op.create_table(
        "photo",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("picture", sa.Text(), nullable=False),
        sa.Column("thumbnail", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("walk_key", sa.String(length=32), nullable=True),
        sa.Column("record", sa.Text(), nullable=True),
        sa.Column("record_key", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["walk_key"], ["walk.key"]),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_photo_walk_key", "photo", ["walk_key"])
