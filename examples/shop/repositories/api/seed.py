"""The products that every developer starts with."""

from database import engine, products

PRODUCTS = [
    {"name": "Teapot", "cents": 2400},
    {"name": "Kettle", "cents": 3950},
    {"name": "Biscuits", "cents": 320},
]

with engine().begin() as connection:
    connection.execute(products.insert(), PRODUCTS)
print(f"{len(PRODUCTS)} products are in the shop")
