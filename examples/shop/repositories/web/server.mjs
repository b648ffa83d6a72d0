// The shop's page. Products come from the API; without it the page says so.
import { createServer } from "node:http";
import { formatPrice } from "@shop/prices";

const api = process.env.API_URL;

function escape(text) {
  return String(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

async function products() {
  try {
    const response = await fetch(`${api}/products`, { signal: AbortSignal.timeout(2000) });
    if (!response.ok) throw new Error(`status ${response.status}`);
    const { products, currency, visits } = await response.json();
    const rows = products.map((item) => `<li>${escape(item.name)}: ${escape(formatPrice(item.cents, currency))}</li>`);
    return `<ul>\n${rows.join("\n")}\n</ul>\n<p>Visit number ${Number(visits)}.</p>`;
  } catch {
    return "<p>The API is not up, so there is nothing to buy yet.</p>";
  }
}

createServer(async (request, response) => {
  if (request.url === "/health") return response.end("ok\n");
  if (request.url !== "/") return response.writeHead(404).end("There is no such page.\n");
  response.setHeader("Content-Type", "text/html; charset=utf-8");
  response.end(`<!doctype html>\n<title>Shop</title>\n<h1>${escape(process.env.SHOP_NAME ?? "Shop")}</h1>\n${await products()}\n`);
}).listen(Number(process.env.PORT), "127.0.0.1");
