// The same with cheerio: scripted.mjs PORT URL. RSS is put together by hand, which is the least that it can cost.
import http from "node:http";
import { load } from "cheerio";

const [port, url] = process.argv.slice(2);
const escape = (text) => text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);

async function feed() {
  const $ = load(await (await fetch(url)).text());
  const items = $("ul.rows > li").map((_, element) => {
    const row = $(element);
    const link = new URL(row.find("h3 a").attr("href"), url).href;
    const date = new Date(row.find("span.on").text().replace(" ", "T") + ":00Z").toUTCString();
    const image = new URL(row.find("img").attr("data-src"), url).href;
    return `<item><title>${escape(row.find("h3 a").text())}</title><link>${link}</link><guid>${link}</guid><pubDate>${date}</pubDate>` +
      `<description>${escape(row.find("p.lead").html())}</description><enclosure url="${image}" length="0" type="image/jpeg"/></item>`;
  }).get();
  return `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>能源要闻</title><link>${url}</link>` +
    `<description>能源要闻</description>${items.join("")}</channel></rss>`;
}

http.createServer(async (_, answer) => {
  answer.writeHead(200, { "Content-Type": "application/rss+xml" });
  answer.end(await feed());
}).listen(Number(port), "127.0.0.1");
