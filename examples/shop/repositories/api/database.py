"""The connection to the shop's database, from the environment."""

import os

import sqlalchemy

metadata = sqlalchemy.MetaData()
products = sqlalchemy.Table(
    "products",
    metadata,
    sqlalchemy.Column("id", sqlalchemy.Integer, primary_key=True),
    sqlalchemy.Column("name", sqlalchemy.Text, nullable=False, unique=True),
    sqlalchemy.Column("cents", sqlalchemy.Integer, nullable=False),
)


def engine():
    url = sqlalchemy.engine.make_url(os.environ["DATABASE_URL"])
    return sqlalchemy.create_engine(url.set(drivername="postgresql+pg8000"), pool_pre_ping=True)
