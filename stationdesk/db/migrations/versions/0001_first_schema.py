"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:  # noqa: PLR0915 - one statement a table
    """Make every table and the full-text tables beside them."""
    op.create_table(
        "attachment",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("record_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("added_on", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "batch",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("undoes", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["undoes"],
            ["batch.key"],
        ),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("seq"),
        sa.UniqueConstraint("undoes"),
    )
    op.create_table(
        "code",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("built_in", sa.Boolean(), nullable=False),
        sa.Column("privacy", sa.String(16), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("list", "code"),
    )
    op.create_table(
        "feature",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("geometry", sa.Text(), nullable=False),
        sa.Column("on_handout", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_feature_kind_key", "feature", ["kind", "key"], unique=False)
    op.create_index("ix_feature_name_key", "feature", ["name", "key"], unique=False)
    op.create_table(
        "number_series",
        sa.Column("series", sa.String(length=16), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series"),
    )
    op.create_table(
        "organisation",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("credit_code", sa.Text(), nullable=True),
        sa.Column("registered", sa.Text(), nullable=True),
        sa.Column("leader", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("members", sa.Integer(), nullable=True),
        sa.Column("party", sa.Text(), nullable=True),
        sa.Column("offers", sa.Text(), nullable=True),
        sa.Column("agreement_from", sa.Text(), nullable=True),
        sa.Column("agreement_to", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_organisation_name_key", "organisation", ["name", "key"], unique=False)
    op.create_table(
        "search_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record", sa.String(length=32), nullable=False),
        sa.Column("record_key", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digits", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_search_document_record", "search_document", ["record", "record_key"], unique=True)
    op.create_table(
        "station",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("town_code", sa.Text(), nullable=True),
        sa.Column("county", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("operator", sa.Text(), nullable=True),
        sa.Column("report_to", sa.Text(), nullable=True),
        sa.Column("leader", sa.Text(), nullable=True),
        sa.Column("reviewer", sa.Text(), nullable=True),
        sa.Column("helplines", sa.Text(), nullable=False),
        sa.Column("map_title", sa.Text(), nullable=True),
        sa.Column("map_review", sa.Text(), nullable=True),
        sa.Column("practice", sa.Boolean(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("precision", sa.String(16), nullable=True),
        sa.Column("place_datum", sa.String(16), nullable=True),
        sa.Column("place_text", sa.Text(), nullable=True),
        sa.Column("place_origin", sa.String(16), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "village",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secretary", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("area", sa.Float(), nullable=True),
        sa.Column("households", sa.Integer(), nullable=True),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("residents", sa.Integer(), nullable=True),
        sa.Column("over_60", sa.Integer(), nullable=True),
        sa.Column("over_80", sa.Integer(), nullable=True),
        sa.Column("children", sa.Integer(), nullable=True),
        sa.Column("low_income", sa.Integer(), nullable=True),
        sa.Column("destitute", sa.Integer(), nullable=True),
        sa.Column("marginal", sa.Integer(), nullable=True),
        sa.Column("disabled", sa.Integer(), nullable=True),
        sa.Column("left_behind", sa.Integer(), nullable=True),
        sa.Column("industry", sa.Text(), nullable=True),
        sa.Column("surnames", sa.Text(), nullable=True),
        sa.Column("organisations", sa.Integer(), nullable=True),
        sa.Column("volunteers", sa.Integer(), nullable=True),
        sa.Column("director", sa.Text(), nullable=True),
        sa.Column("women_chair", sa.Text(), nullable=True),
        sa.Column("child_officer", sa.Text(), nullable=True),
        sa.Column("doctor", sa.Text(), nullable=True),
        sa.Column("doctor_phone", sa.Text(), nullable=True),
        sa.Column("since", sa.Text(), nullable=True),
        sa.Column("until", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("precision", sa.String(16), nullable=True),
        sa.Column("place_datum", sa.String(16), nullable=True),
        sa.Column("place_text", sa.Text(), nullable=True),
        sa.Column("place_origin", sa.String(16), nullable=True),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("code"),
    )
    op.create_index("ix_village_code_key", "village", ["code", "key"], unique=False)
    op.create_index("ix_village_name_key", "village", ["name", "key"], unique=False)
    op.create_table(
        "weight",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("rule"),
    )
    op.create_table(
        "worker",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("sees_restricted", sa.Boolean(), nullable=False),
        sa.Column("since", sa.Text(), nullable=True),
        sa.Column("until", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_worker_name_key", "worker", ["name", "key"], unique=False)
    op.create_table(
        "audit_entry",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("batch", sa.String(length=32), nullable=True),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("record", sa.String(length=32), nullable=False),
        sa.Column("record_key", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch"],
            ["batch.key"],
        ),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index(("ix_audit_entry_batch"), "audit_entry", ["batch"], unique=False)
    op.create_index("ix_audit_entry_record", "audit_entry", ["record", "record_key"], unique=False)
    op.create_table(
        "resource",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("alt_name", sa.Text(), nullable=True),
        sa.Column("dimension", sa.String(16), nullable=False),
        sa.Column("second_dimension", sa.String(16), nullable=True),
        sa.Column("subcategory", sa.Text(), nullable=True),
        sa.Column("map_class", sa.String(16), nullable=False),
        sa.Column("offer_text", sa.Text(), nullable=True),
        sa.Column("offer_items", sa.Text(), nullable=False),
        sa.Column("provider_key", sa.String(length=32), nullable=True),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("state_of_use", sa.String(16), nullable=False),
        sa.Column("formality", sa.String(16), nullable=True),
        sa.Column("locus", sa.String(16), nullable=True),
        sa.Column("alert", sa.Text(), nullable=True),
        sa.Column("groups", sa.Text(), nullable=False),
        sa.Column("eligibility", sa.Text(), nullable=True),
        sa.Column("ineligibility", sa.Text(), nullable=True),
        sa.Column("min_age", sa.Integer(), nullable=True),
        sa.Column("max_age", sa.Integer(), nullable=True),
        sa.Column("results", sa.Text(), nullable=False),
        sa.Column("service_items", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("capacity_unit", sa.Text(), nullable=True),
        sa.Column("capacity_per", sa.String(16), nullable=True),
        sa.Column("fee", sa.Boolean(), nullable=False),
        sa.Column("fee_text", sa.Text(), nullable=True),
        sa.Column("same_day", sa.Boolean(), nullable=False),
        sa.Column("process", sa.Text(), nullable=True),
        sa.Column("documents", sa.Text(), nullable=True),
        sa.Column("hours", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Text(), nullable=True),
        sa.Column("valid_to", sa.Text(), nullable=True),
        sa.Column("village_key", sa.String(length=32), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("contact_title", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("phone_2", sa.Text(), nullable=True),
        sa.Column("contact_public", sa.String(16), nullable=False),
        sa.Column("printable", sa.Boolean(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("do_not_contact", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("collected_on", sa.Text(), nullable=True),
        sa.Column("collected_by", sa.Text(), nullable=True),
        sa.Column("verified_on", sa.Text(), nullable=True),
        sa.Column("verify_due", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("precision", sa.String(16), nullable=True),
        sa.Column("place_datum", sa.String(16), nullable=True),
        sa.Column("place_text", sa.Text(), nullable=True),
        sa.Column("place_origin", sa.String(16), nullable=True),
        sa.ForeignKeyConstraint(
            ["provider_key"],
            ["organisation.key"],
        ),
        sa.ForeignKeyConstraint(
            ["village_key"],
            ["village.key"],
        ),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("code"),
    )
    op.create_index("ix_resource_code_key", "resource", ["code", "key"], unique=False)
    op.create_index("ix_resource_dimension_key", "resource", ["dimension", "key"], unique=False)
    op.create_index("ix_resource_name_key", "resource", ["name", "key"], unique=False)
    op.create_index(("ix_resource_provider_key"), "resource", ["provider_key"], unique=False)
    op.create_index("ix_resource_status_key", "resource", ["status", "key"], unique=False)
    op.create_index("ix_resource_verified_on_key", "resource", ["verified_on", "key"], unique=False)
    op.create_index(("ix_resource_village_key"), "resource", ["village_key"], unique=False)
    op.create_table(
        "village_group",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("village_key", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("leader", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("boundary", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["village_key"],
            ["village.key"],
        ),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_village_group_name_key", "village_group", ["name", "key"], unique=False)
    op.create_index(("ix_village_group_village_key"), "village_group", ["village_key"], unique=False)
    op.create_table(
        "audit_values",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["seq"],
            ["audit_entry.seq"],
        ),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_table(
        "household",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("village_key", sa.String(length=32), nullable=True),
        sa.Column("group_key", sa.String(length=32), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("follow_level", sa.String(16), nullable=True),
        sa.Column("worker_key", sa.String(length=32), nullable=True),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("opened_on", sa.Text(), nullable=True),
        sa.Column("closed_on", sa.Text(), nullable=True),
        sa.Column("registered_size", sa.Integer(), nullable=True),
        sa.Column("resident_size", sa.Integer(), nullable=True),
        sa.Column("income", sa.Integer(), nullable=True),
        sa.Column("income_sources", sa.Text(), nullable=False),
        sa.Column("hardship", sa.Text(), nullable=False),
        sa.Column("housing", sa.Text(), nullable=True),
        sa.Column("housing_area", sa.Float(), nullable=True),
        sa.Column("danger", sa.Text(), nullable=True),
        sa.Column("vehicle", sa.Text(), nullable=True),
        sa.Column("strengths", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("precision", sa.String(16), nullable=True),
        sa.Column("place_datum", sa.String(16), nullable=True),
        sa.Column("place_text", sa.Text(), nullable=True),
        sa.Column("place_origin", sa.String(16), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_key"],
            ["village_group.key"],
        ),
        sa.ForeignKeyConstraint(
            ["village_key"],
            ["village.key"],
        ),
        sa.ForeignKeyConstraint(
            ["worker_key"],
            ["worker.key"],
        ),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("code"),
    )
    op.create_index("ix_household_code_key", "household", ["code", "key"], unique=False)
    op.create_index("ix_household_follow_level_key", "household", ["follow_level", "key"], unique=False)
    op.create_index(("ix_household_group_key"), "household", ["group_key"], unique=False)
    op.create_index("ix_household_opened_on_key", "household", ["opened_on", "key"], unique=False)
    op.create_index(("ix_household_village_key"), "household", ["village_key"], unique=False)
    op.create_index(("ix_household_worker_key"), "household", ["worker_key"], unique=False)
    op.create_table(
        "resource_fund",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("used", sa.Integer(), nullable=True),
        sa.Column("earmarked", sa.Text(), nullable=True),
        sa.Column("window_from", sa.Text(), nullable=True),
        sa.Column("window_to", sa.Text(), nullable=True),
        sa.Column("conditions", sa.Text(), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["key"],
            ["resource.key"],
        ),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "resource_organisation",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("credit_code", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("registered", sa.Text(), nullable=True),
        sa.Column("leader", sa.Text(), nullable=True),
        sa.Column("members", sa.Integer(), nullable=True),
        sa.Column("party", sa.Text(), nullable=True),
        sa.Column("agreement_from", sa.Text(), nullable=True),
        sa.Column("agreement_to", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["key"],
            ["resource.key"],
        ),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "resource_policy",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("issuer", sa.Text(), nullable=True),
        sa.Column("issued_on", sa.Text(), nullable=True),
        sa.Column("effective_on", sa.Text(), nullable=True),
        sa.Column("conditions", sa.Text(), nullable=True),
        sa.Column("standard", sa.Integer(), nullable=True),
        sa.Column("standard_unit", sa.Text(), nullable=True),
        sa.Column("desk", sa.Text(), nullable=True),
        sa.Column("desk_phone", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["key"],
            ["resource.key"],
        ),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "resource_space",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("area", sa.Float(), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("equipment", sa.Text(), nullable=True),
        sa.Column("free_time", sa.Text(), nullable=True),
        sa.Column("booking", sa.Text(), nullable=True),
        sa.Column("accessible", sa.Text(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("shelter", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["key"],
            ["resource.key"],
        ),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "person",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("household_key", sa.String(length=32), nullable=False),
        sa.Column("relation", sa.Text(), nullable=True),
        sa.Column("is_head", sa.Boolean(), nullable=False),
        sa.Column("id_kind", sa.Text(), nullable=True),
        sa.Column("id_number", sa.Text(), nullable=True),
        sa.Column("id_doubtful", sa.Boolean(), nullable=False),
        sa.Column("sex", sa.String(16), nullable=True),
        sa.Column("birth_date", sa.Text(), nullable=True),
        sa.Column("age_told", sa.Integer(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("opened_on", sa.Text(), nullable=True),
        sa.Column("closed_on", sa.Text(), nullable=True),
        sa.Column("ethnic", sa.Text(), nullable=True),
        sa.Column("political", sa.Text(), nullable=True),
        sa.Column("education", sa.Text(), nullable=True),
        sa.Column("marital", sa.Text(), nullable=True),
        sa.Column("occupation", sa.Text(), nullable=True),
        sa.Column("workplace", sa.Text(), nullable=True),
        sa.Column("registered_address", sa.Text(), nullable=True),
        sa.Column("residence", sa.Text(), nullable=True),
        sa.Column("emergency_contact", sa.Text(), nullable=True),
        sa.Column("emergency_phone", sa.Text(), nullable=True),
        sa.Column("health", sa.Text(), nullable=False),
        sa.Column("disability_number", sa.Text(), nullable=True),
        sa.Column("disability_kinds", sa.Text(), nullable=False),
        sa.Column("disability_grade", sa.Text(), nullable=True),
        sa.Column("self_care", sa.Text(), nullable=True),
        sa.Column("carer", sa.Text(), nullable=True),
        sa.Column("insurance", sa.Text(), nullable=True),
        sa.Column("aid", sa.Text(), nullable=True),
        sa.Column("skills", sa.Text(), nullable=False),
        sa.Column("consent", sa.String(16), nullable=False),
        sa.Column("consent_on", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["household_key"],
            ["household.key"],
        ),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("code"),
    )
    op.create_index("ix_person_birth_date_key", "person", ["birth_date", "key"], unique=False)
    op.create_index("ix_person_code_key", "person", ["code", "key"], unique=False)
    op.create_index(("ix_person_household_key"), "person", ["household_key"], unique=False)
    op.create_index("ix_person_name_key", "person", ["name", "key"], unique=False)
    op.create_index("ix_person_opened_on_key", "person", ["opened_on", "key"], unique=False)
    op.create_table(
        "need",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("urgency", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(16), nullable=False),
        sa.Column("person_key", sa.String(length=32), nullable=True),
        sa.Column("household_key", sa.String(length=32), nullable=True),
        sa.Column("village_key", sa.String(length=32), nullable=True),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("result", sa.String(16), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("raised_on", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Text(), nullable=True),
        sa.Column("quantity", sa.Text(), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("worker_key", sa.String(length=32), nullable=True),
        sa.Column("bradshaw", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("collected_by", sa.Text(), nullable=True),
        sa.Column("methods", sa.Text(), nullable=False),
        sa.Column("assessed_on", sa.Text(), nullable=True),
        sa.Column("assessment", sa.Text(), nullable=True),
        sa.Column("client_wish", sa.Text(), nullable=True),
        sa.Column("service_items", sa.Text(), nullable=False),
        sa.Column("close_reason", sa.Text(), nullable=True),
        sa.Column("closed_on", sa.Text(), nullable=True),
        sa.Column("client_words", sa.Text(), nullable=True),
        sa.Column("satisfaction", sa.Integer(), nullable=True),
        sa.Column("publishable", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["household_key"],
            ["household.key"],
        ),
        sa.ForeignKeyConstraint(
            ["person_key"],
            ["person.key"],
        ),
        sa.ForeignKeyConstraint(
            ["village_key"],
            ["village.key"],
        ),
        sa.ForeignKeyConstraint(
            ["worker_key"],
            ["worker.key"],
        ),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("code"),
    )
    op.create_index("ix_need_code_key", "need", ["code", "key"], unique=False)
    op.create_index("ix_need_due_on_key", "need", ["due_on", "key"], unique=False)
    op.create_index(("ix_need_household_key"), "need", ["household_key"], unique=False)
    op.create_index(("ix_need_person_key"), "need", ["person_key"], unique=False)
    op.create_index("ix_need_raised_on_key", "need", ["raised_on", "key"], unique=False)
    op.create_index("ix_need_result_key", "need", ["result", "key"], unique=False)
    op.create_index("ix_need_status_key", "need", ["status", "key"], unique=False)
    op.create_index("ix_need_urgency_key", "need", ["urgency", "key"], unique=False)
    op.create_index(("ix_need_village_key"), "need", ["village_key"], unique=False)
    op.create_index(("ix_need_worker_key"), "need", ["worker_key"], unique=False)
    op.create_table(
        "person_category",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("person_key", sa.String(length=32), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("since", sa.Text(), nullable=True),
        sa.Column("until", sa.Text(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("certificate", sa.Text(), nullable=True),
        sa.Column("monthly", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_key"],
            ["person.key"],
        ),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index(("ix_person_category_person_key"), "person_category", ["person_key"], unique=False)
    op.create_table(
        "resource_human",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("sex", sa.String(16), nullable=True),
        sa.Column("birth_month", sa.Text(), nullable=True),
        sa.Column("standing", sa.Text(), nullable=True),
        sa.Column("occupation", sa.Text(), nullable=True),
        sa.Column("skills", sa.Text(), nullable=False),
        sa.Column("free_time", sa.Text(), nullable=True),
        sa.Column("reach", sa.Text(), nullable=True),
        sa.Column("volunteer_number", sa.Text(), nullable=True),
        sa.Column("person_key", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["key"],
            ["resource.key"],
        ),
        sa.ForeignKeyConstraint(
            ["person_key"],
            ["person.key"],
        ),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index(("ix_resource_human_person_key"), "resource_human", ["person_key"], unique=False)
    op.create_table(
        "visit",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("visited_on", sa.Text(), nullable=False),
        sa.Column("household_key", sa.String(length=32), nullable=False),
        sa.Column("person_key", sa.String(length=32), nullable=True),
        sa.Column("method", sa.String(16), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("worker_key", sa.String(length=32), nullable=True),
        sa.Column("companions", sa.Text(), nullable=True),
        sa.Column("started", sa.Text(), nullable=True),
        sa.Column("ended", sa.Text(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("next_on", sa.Text(), nullable=True),
        sa.Column("situation", sa.Text(), nullable=True),
        sa.Column("wellbeing", sa.Text(), nullable=True),
        sa.Column("income_change", sa.Text(), nullable=True),
        sa.Column("difficulties", sa.Text(), nullable=True),
        sa.Column("hazards", sa.Text(), nullable=True),
        sa.Column("policy_told", sa.Text(), nullable=True),
        sa.Column("service_given", sa.Text(), nullable=True),
        sa.Column("goods_given", sa.Text(), nullable=True),
        sa.Column("needs_found", sa.Integer(), nullable=True),
        sa.Column("advice", sa.Text(), nullable=True),
        sa.Column("photos", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["household_key"],
            ["household.key"],
        ),
        sa.ForeignKeyConstraint(
            ["person_key"],
            ["person.key"],
        ),
        sa.ForeignKeyConstraint(
            ["worker_key"],
            ["worker.key"],
        ),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("code"),
    )
    op.create_index("ix_visit_code_key", "visit", ["code", "key"], unique=False)
    op.create_index(("ix_visit_household_key"), "visit", ["household_key"], unique=False)
    op.create_index("ix_visit_next_on_key", "visit", ["next_on", "key"], unique=False)
    op.create_index(("ix_visit_person_key"), "visit", ["person_key"], unique=False)
    op.create_index("ix_visit_visited_on_key", "visit", ["visited_on", "key"], unique=False)
    op.create_index(("ix_visit_worker_key"), "visit", ["worker_key"], unique=False)
    op.create_table(
        "match",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("need_key", sa.String(length=32), nullable=False),
        sa.Column("resource_key", sa.String(length=32), nullable=False),
        sa.Column("matched_on", sa.Text(), nullable=False),
        sa.Column("method", sa.String(16), nullable=True),
        sa.Column("worker_key", sa.String(length=32), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("agreed_on", sa.Text(), nullable=True),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("in_money", sa.Boolean(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("instances", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Text(), nullable=True),
        sa.Column("done_on", sa.Text(), nullable=True),
        sa.Column("confirmed_on", sa.Text(), nullable=True),
        sa.Column("client_words", sa.Text(), nullable=True),
        sa.Column("satisfaction", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("retry_on", sa.Text(), nullable=True),
        sa.Column("follow_up_on", sa.Text(), nullable=True),
        sa.Column("provider_told_on", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["need_key"],
            ["need.key"],
        ),
        sa.ForeignKeyConstraint(
            ["resource_key"],
            ["resource.key"],
        ),
        sa.ForeignKeyConstraint(
            ["worker_key"],
            ["worker.key"],
        ),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("code"),
    )
    op.create_index("ix_match_code_key", "match", ["code", "key"], unique=False)
    op.create_index("ix_match_due_on_key", "match", ["due_on", "key"], unique=False)
    op.create_index("ix_match_follow_up_on_key", "match", ["follow_up_on", "key"], unique=False)
    op.create_index("ix_match_matched_on_key", "match", ["matched_on", "key"], unique=False)
    op.create_index(("ix_match_need_key"), "match", ["need_key"], unique=False)
    op.create_index(("ix_match_resource_key"), "match", ["resource_key"], unique=False)
    op.create_index("ix_match_state_key", "match", ["state", "key"], unique=False)
    op.create_index(("ix_match_worker_key"), "match", ["worker_key"], unique=False)
    op.execute(
        "CREATE VIRTUAL TABLE search_words USING fts5(words, sounds, content='', contentless_delete=1,"
        " tokenize='unicode61 remove_diacritics 0', prefix='2 3 4')"
    )
    op.execute(
        "CREATE VIRTUAL TABLE search_digits USING fts5(digits, content='', contentless_delete=1,"
        " tokenize='trigram')"
    )
