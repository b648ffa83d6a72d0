"""The products that every developer starts with."""

from database import engine, products
from sqlalchemy.dialects.postgresql import insert

PRODUCTS = [
    {"name": "Teapot", "cents": 2400},
    {"name": "Kettle", "cents": 3950},
    {"name": "Biscuits", "cents": 320},
]

with engine().begin() as connection:
    # A seed that was interrupted after it wrote and before that was recorded runs again.
    connection.execute(insert(products).values(PRODUCTS).on_conflict_do_nothing())
print(f"{len(PRODUCTS)} products are in the shop")
