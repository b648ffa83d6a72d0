"""GET /products and /health as JSON, on the port that PORT names."""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import redis
import sqlalchemy
from database import engine, products

database = engine()
counter = redis.from_url(os.environ["REDIS_URL"])


def answer(path):
    if path == "/health":
        with database.connect() as connection:
            connection.execute(sqlalchemy.text("select 1"))
        counter.ping()
        return {"status": "ok"}
    if path == "/products":
        with database.connect() as connection:
            rows = connection.execute(products.select().order_by(products.c.name)).mappings().all()
        return {
            "currency": os.environ.get("SHOP_CURRENCY", "EUR"),
            "visits": counter.incr("visits"),
            "products": [{"name": row["name"], "cents": row["cents"]} for row in rows],
        }
    return None


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            status, document = 200, answer(self.path)
            if document is None:
                status, document = 404, {"error": "there is no such page"}
        except Exception as error:
            status, document = 503, {"error": type(error).__name__}
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
