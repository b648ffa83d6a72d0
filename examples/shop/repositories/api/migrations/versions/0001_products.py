"""The table of products."""

import sqlalchemy
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table(
        "products",
        sqlalchemy.Column("id", sqlalchemy.Integer, primary_key=True),
        sqlalchemy.Column("name", sqlalchemy.Text, nullable=False, unique=True),
        sqlalchemy.Column("cents", sqlalchemy.Integer, nullable=False),
    )


def downgrade():
    op.drop_table("products")
